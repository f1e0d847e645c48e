package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void isMarkdownThatReadsWellInATerminal() {
        var table = new Table("case", "peer", "req/s");
        table.add(List.of("a", "nginx", "9"));
        table.add(List.of("long-name", "b", "12,345"));

        assertEquals("""
                | case      | peer  |  req/s |
                |-----------|-------|-------:|
                | a         | nginx |      9 |
                | long-name | b     | 12,345 |
                """, table.toString());
    }

    @Test
    void refusesARowThatDoesNotFit() {
        var table = new Table("case", "peer");

        assertThrows(IllegalArgumentException.class, () -> table.add(List.of("a")));
    }
}
