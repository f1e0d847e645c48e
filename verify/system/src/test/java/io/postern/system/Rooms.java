package io.postern.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Our compiled classes and what they use, read from the class files: module descriptors are walls between
/// modules, this sees the arrows between packages and into libraries too.
final class Rooms {
    static final String OURS = "io.postern.";
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern TYPE = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+);");

    /// @param name binary name, for example `io.postern.gateway.Gateway`
    /// @param types binary names of every class that it mentions
    /// @param calls `owner.method` and descriptor of every method that it calls or refers to
    record Used(String name, SortedSet<String> types, SortedSet<String> calls) {
        String room() {
            return packageOf(name);
        }
    }

    private Rooms() {}

    /// Every class of the product, tests and fixtures left out.
    static List<Used> classes() {
        var classes = new ArrayList<Used>();
        for (String module : modules()) {
            Path folder = Checkout.ROOT.resolve(module).resolve("target/classes");
            if (module.startsWith("verify/") || !Files.isDirectory(folder)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".class"))
                        .filter(file -> !file.endsWith("module-info.class"))
                        .map(Rooms::read)
                        .filter(used -> used.name().startsWith(OURS))
                        .forEach(classes::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return classes;
    }

    /// By room, what its classes mention outside of it.
    static SortedMap<String, SortedSet<String>> typesByRoom() {
        var rooms = new TreeMap<String, SortedSet<String>>();
        for (Used used : classes()) {
            rooms.computeIfAbsent(used.room(), room -> new TreeSet<>()).addAll(used.types());
        }
        return rooms;
    }

    static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('.')));
    }

    private static List<String> modules() {
        try {
            return MODULE.matcher(Files.readString(Checkout.ROOT.resolve("pom.xml")))
                    .results()
                    .map(match -> match.group(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Used read(Path file) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var types = new TreeSet<String>();
        var calls = new TreeSet<String>();
        for (var entry : model.constantPool()) {
            if (entry instanceof ClassEntry type) {
                addTypes(type.asInternalName(), types);
            } else if (entry instanceof Utf8Entry text) {
                TYPE.matcher(text.stringValue()).results().forEach(match -> types.add(dotted(match.group(1))));
            } else if (entry instanceof MemberRefEntry member && !(entry instanceof FieldRefEntry)) {
                calls.add(dotted(member.owner().asInternalName()) + "."
                        + member.name().stringValue() + member.type().stringValue());
            }
        }
        return new Used(dotted(model.thisClass().asInternalName()), types, calls);
    }

    private static void addTypes(String internalName, SortedSet<String> types) {
        if (internalName.startsWith("[")) {
            TYPE.matcher(internalName).results().forEach(match -> types.add(dotted(match.group(1))));
        } else {
            types.add(dotted(internalName));
        }
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }

    /// Libraries worth an arrow, by the beginning of their packages.
    static final Map<String, String> LIBRARIES = Map.ofEntries(
            Map.entry("io.netty.", "netty"),
            Map.entry("java.sql.", "jdbc"),
            Map.entry("javax.sql.", "jdbc"),
            Map.entry("org.jdbi.", "jdbi"),
            Map.entry("com.zaxxer.", "hikari"),
            Map.entry("org.flywaydb.", "flyway"),
            Map.entry("org.sqlite.", "sqlite"),
            Map.entry("org.postgresql.", "postgresql"),
            Map.entry("tools.jackson.", "jackson"),
            Map.entry("com.nimbusds.", "nimbus"),
            Map.entry("org.bouncycastle.", "bouncycastle"),
            Map.entry("io.helidon.", "helidon"),
            Map.entry("gg.jte.", "jte"),
            Map.entry("com.github.benmanes.", "caffeine"),
            Map.entry("jakarta.mail.", "jakarta.mail"),
            Map.entry("org.eclipse.angus.mail.", "jakarta.mail"),
            Map.entry("org.snakeyaml.", "snakeyaml"),
            Map.entry("picocli.", "picocli"),
            Map.entry("com.unboundid.", "unboundid"),
            Map.entry("io.prometheus.", "prometheus"),
            Map.entry("ch.qos.logback.", "logback"),
            Map.entry("java.net.http.", "java.net.http"),
            Map.entry("com.sun.net.httpserver.", "jdk.httpserver"));
}
