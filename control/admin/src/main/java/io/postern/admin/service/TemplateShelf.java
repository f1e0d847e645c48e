package io.postern.admin.service;

import io.postern.base.config.ConfigFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The templates that there are: ours, shipped with the program, and those of the operator's folder, which are read
/// anew each time so that a mended file counts at once. A file that cannot be used is told of and keeps no other back.
public final class TemplateShelf {
    private static final int BYTES_MAX = 64 * 1024;
    private static final int FILES_MAX = 1000;
    private static final String OURS = "/io/postern/admin/gallery/";

    /// @param faults one text for each file that cannot be used
    public record Contents(List<Template> templates, List<String> faults) {}

    private final Optional<Path> folder;
    private final List<Template> ours;

    /// @param folder of the operator's own; empty: none
    public TemplateShelf(Optional<Path> folder) {
        this.folder = folder;
        this.ours = resource("index.txt")
                .lines()
                .filter(line -> !line.isBlank())
                .map(name -> TemplateFile.read("postern/" + name, key(name), resource(name)))
                .toList();
    }

    /// By name. The operator's template takes the place of ours of the same key or id.
    public Contents contents() {
        Map<String, Template> byKey = new LinkedHashMap<>();
        ours.forEach(template -> byKey.put(template.key(), template));
        var faults = new ArrayList<String>();
        for (Path file : files(faults)) {
            try {
                Template template = TemplateFile.read(
                        file.toString(), key(file.getFileName().toString()), text(file));
                byKey.values().removeIf(other -> other.id().equals(template.id()));
                byKey.put(template.key(), template);
            } catch (ConfigFault e) {
                faults.add(String.valueOf(e.getMessage()));
            }
        }
        return new Contents(
                byKey.values().stream()
                        .sorted(Comparator.comparing(t -> t.name().toLowerCase(Locale.ROOT)))
                        .toList(),
                List.copyOf(faults));
    }

    /// @param idOrKey as people have it
    public Optional<Template> find(String idOrKey) {
        return contents().templates().stream()
                .filter(t -> t.id().equalsIgnoreCase(idOrKey) || t.key().equals(idOrKey))
                .findFirst();
    }

    /// Plain files only: a link could lead anywhere.
    private List<Path> files(List<String> faults) {
        if (folder.isEmpty()) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder.get())) {
            return all.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .limit(FILES_MAX)
                    .toList();
        } catch (IOException e) {
            faults.add("gallery-folder " + folder.get() + " cannot be read (" + e
                    + "); check that it is there and may be" + " read");
            return List.of();
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new ConfigFault(file.toString(), List.of("is larger than " + BYTES_MAX + " bytes"));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigFault(file.toString(), List.of("cannot be read: " + e));
        }
    }

    private static String key(String fileName) {
        return fileName.replaceFirst("\\.yaml$", "");
    }

    private static String resource(String name) {
        try (InputStream in = TemplateShelf.class.getResourceAsStream(OURS + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
