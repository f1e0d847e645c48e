package io.postern.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/// Builds of the connector that really differ: the jars that were built, with another version in the manifest from
/// which the program reads it, and with classes left out where one is to be broken.
final class Builds {
    private final Path folder;
    private final Path key;
    private final Path publicKey;

    Builds(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.key = folder.resolve("release.key");
        this.publicKey = folder.resolve("release.pub");
        postern("release", "keygen", "--key", key.toString(), "--public-key", publicKey.toString());
    }

    Path publicKey() {
        return publicKey;
    }

    Path manifest() {
        return folder.resolve("manifest");
    }

    /// An installation as a package would make it.
    ///
    /// @param without names of classes, by their ends, that it lacks
    Path installation(String version, String... without) throws IOException {
        Path to = folder.resolve("build-" + version);
        Files.createDirectories(to.resolve("bin"));
        Files.createDirectories(to.resolve("lib/connector"));
        Path built = Checkout.ROOT.resolve("target/dist");
        Files.copy(
                built.resolve("bin/postern"),
                to.resolve("bin/postern"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        try (var jars = Files.newDirectoryStream(built.resolve("lib/connector"), "*.jar")) {
            for (Path jar : jars) {
                Path copy = to.resolve("lib/connector").resolve(jar.getFileName());
                if (jar.getFileName().toString().startsWith("postern-")) {
                    rewrite(jar, copy, version, Set.of(without));
                } else {
                    Files.createLink(copy, jar);
                }
            }
        }
        return to;
    }

    /// Packs, signs and announces a version.
    void release(String version, String... without) throws IOException {
        Path archive = folder.resolve("connector-" + version + ".zip");
        postern(
                "release",
                "pack",
                "--from",
                installation(version, without).toString(),
                "--archive",
                archive.toString());
        sign(version, archive, key);
    }

    void sign(String version, Path archive, Path with) {
        postern(
                "release",
                "sign",
                "--key",
                with.toString(),
                "--archive",
                archive.toString(),
                "--release",
                version,
                "--manifest",
                manifest().toString());
    }

    static void postern(String... arguments) {
        var command = new java.util.ArrayList<>(java.util.List.of(Checkout.launcher()));
        command.addAll(java.util.List.of(arguments));
        Command.of(command.toArray(String[]::new)).expectSuccess();
    }

    private static void rewrite(Path from, Path to, String version, Set<String> without) throws IOException {
        try (var in = new JarInputStream(Files.newInputStream(from))) {
            var manifest = in.getManifest();
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
            try (var out = new JarOutputStream(Files.newOutputStream(to), manifest)) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    String name = entry.getName();
                    if (without.stream().noneMatch(name::endsWith)) {
                        out.putNextEntry(new ZipEntry(name));
                        copy(in, out);
                        out.closeEntry();
                    }
                }
            }
        }
    }

    private static void copy(InputStream in, JarOutputStream out) throws IOException {
        in.transferTo(out);
    }
}
