package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CasesTest {
    private static List<String> select(String globs) {
        return Cases.select(Cases.all(), globs).stream()
                .map(each -> each.plan().name())
                .toList();
    }

    @Test
    void selectsByGlobInTheOrderOfTheRun() {
        assertEquals(List.of("h1-1k-rate", "h2-1k-rate", "ws-idle"), select("ws-idle, h?-1k-rate"));
        assertEquals(Cases.all().size(), select("*").size());
    }

    @Test
    void namesWhatThereIsWhenAGlobFitsNothing() {
        var failure = assertThrows(IllegalArgumentException.class, () -> select("h1-1k-full,h3*"));

        assertTrue(String.valueOf(failure.getMessage()).contains("'h3*'"), failure.getMessage());
        assertTrue(String.valueOf(failure.getMessage()).contains("delay-50ms"), failure.getMessage());
    }

    @Test
    void namesAreUnique() {
        List<String> names = select("*");

        assertEquals(names.size(), names.stream().distinct().count());
    }

    @Test
    void measuresOurselvesInEveryCase() {
        Cases.all()
                .forEach(each ->
                        assertTrue(each.suits(PeerKind.POSTERN), each.plan().name()));
        assertFalse(Cases.select(Cases.all(), "start").getFirst().suits(PeerKind.NGINX));
    }
}
