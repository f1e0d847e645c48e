package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The arrows between rooms are checked in, so that a new one shows up in review as a changed line.
class ImportsTest {
    private static final String COMMAND =
            "mvn test -pl verify/system -am -Dtest=ImportsTest -Dsurefire.failIfNoSpecifiedTests=false"
                    + " -Dpostern.imports.write=true";

    @Test
    void theArrowsBetweenRoomsAreThoseThatWereReviewed() throws IOException {
        Path file = Checkout.ROOT.resolve("docs/architecture/imports.txt");
        List<String> now = lines();
        if (Boolean.getBoolean("postern.imports.write")) {
            Files.write(file, now);
        }
        List<String> reviewed = Files.readAllLines(file);
        var changes = new ArrayList<String>();
        reviewed.stream().filter(line -> !now.contains(line)).forEach(line -> changes.add("- " + line));
        now.stream().filter(line -> !reviewed.contains(line)).forEach(line -> changes.add("+ " + line));

        assertFalse(
                !changes.isEmpty(),
                () -> "rooms use others than docs/architecture/imports.txt says:\n" + String.join("\n", changes)
                        + "\nIf the new arrow is meant (architecture, floors), run: " + COMMAND);
    }

    private static List<String> lines() {
        var lines = new ArrayList<String>();
        lines.add("# room -> rooms | libraries. Packages of ours without io.postern; written by a test:");
        lines.add("# " + COMMAND);
        lines.add("");
        Rooms.typesByRoom().forEach((room, types) -> lines.add(line(room, types)));
        return lines;
    }

    private static String line(String room, SortedSet<String> types) {
        var rooms = new TreeSet<String>();
        var libraries = new TreeSet<String>();
        for (String type : types) {
            if (type.startsWith(Rooms.OURS) && !Rooms.packageOf(type).equals(room)) {
                rooms.add(shortened(Rooms.packageOf(type)));
            }
            Rooms.LIBRARIES.forEach((prefix, library) -> {
                if (type.startsWith(prefix)) {
                    libraries.add(library);
                }
            });
        }
        return shortened(room) + " -> " + String.join(" ", rooms)
                + (libraries.isEmpty() ? "" : " | " + String.join(" ", libraries));
    }

    private static String shortened(String room) {
        return room.substring(Rooms.OURS.length());
    }
}
