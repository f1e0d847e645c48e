package io.postern.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
    @Test
    void fillsInAndLeavesTheVariablesOfOthers() {
        String text = Template.fill("nginx-common.conf", Map.of("folder", "/tmp/$1", "name", "front", "user", ""));

        assertTrue(text.contains("pid /tmp/$1/front.pid;"), text);
        assertEquals(-1, text.indexOf("${"));
    }

    @Test
    void namesThePlaceThatHasNoValue() {
        var failure = assertThrows(
                IllegalArgumentException.class, () -> Template.fill("nginx-common.conf", Map.of("folder", "/tmp")));

        assertTrue(String.valueOf(failure.getMessage()).contains("${name}"), failure.getMessage());
    }
}
