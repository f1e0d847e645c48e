package io.postern.admin;

import io.postern.domain.directory.AdminRole;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// The hand-written table of who may call what, `who-may-call-what.txt`.
record RouteTable(List<Line> lines) {
    /// @param path with `{name}` segments
    /// @param everyUser for what is a user's own
    /// @param owner whoever owns what the path names may too, without a role
    record Line(String verb, String path, boolean everyUser, boolean owner, Set<AdminRole> roles) {
        boolean writes() {
            return !verb.equals("GET");
        }

        boolean hasIds() {
            return path.contains("{");
        }

        String title() {
            return verb + " " + path;
        }

        /// @param ids by the segment before, for example `users`
        String path(Map<String, String> ids, String otherwise) {
            var filled = new StringBuilder();
            String before = "";
            for (String segment : path.substring(1).split("/")) {
                filled.append('/').append(segment.startsWith("{") ? ids.getOrDefault(before, otherwise) : segment);
                before = segment;
            }
            return filled.toString();
        }
    }

    static RouteTable read() {
        var groups = new HashMap<String, Set<AdminRole>>();
        List<Line> lines = text("who-may-call-what.txt")
                .replaceAll(" \\\\\n +", " ")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .filter(line -> !line.startsWith("@") || define(groups, line))
                .map(line -> line(groups, line))
                .toList();
        return new RouteTable(lines);
    }

    static String text(String file) {
        try (InputStream stream = Objects.requireNonNull(RouteTable.class.getResourceAsStream(file), file)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean define(Map<String, Set<AdminRole>> groups, String line) {
        String[] parts = line.split("=");
        groups.put(parts[0].strip(), roles(groups, parts[1]));
        return false;
    }

    private static Line line(Map<String, Set<AdminRole>> groups, String line) {
        String[] parts = line.split(" : ");
        String[] words = parts[0].strip().split(" +");
        boolean owner = parts[1].stripTrailing().endsWith(" owner");
        String who = parts[1].strip().replaceFirst(" owner$", "");
        boolean everyUser = who.equals("every user");
        return new Line(
                words[0],
                words[1].replaceFirst("^PP", Installation.PROFILE),
                everyUser,
                owner,
                everyUser ? EnumSet.allOf(AdminRole.class) : roles(groups, who));
    }

    private static Set<AdminRole> roles(Map<String, Set<AdminRole>> groups, String names) {
        return Arrays.stream(names.strip().split(" +"))
                .flatMap(name -> name.startsWith("@")
                        ? Objects.requireNonNull(groups.get(name), name).stream()
                        : List.of(role(name)).stream())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(AdminRole.class)));
    }

    /// By the first words of its name, as long as they need be.
    private static AdminRole role(String name) {
        List<AdminRole> found = Arrays.stream(AdminRole.values())
                .filter(role -> role.displayName().replace(" ", "").startsWith(name))
                .toList();
        return found.stream()
                .filter(role -> role.displayName().replace(" ", "").equals(name + "Administrator"))
                .findFirst()
                .orElseGet(() -> {
                    if (found.size() != 1) {
                        throw new IllegalStateException("'" + name + "' names " + found);
                    }
                    return found.getFirst();
                });
    }
}
