package io.postern.base.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigSectionsTest {
    @Test
    void readsAListOfMappings() {
        ConfigReader reader = ConfigReader.of("c.yaml", "items:\n- {name: a}\n- {name: b}\n");
        List<String> names = reader.sections("items").stream()
                .map(s -> s.text("name").orElseThrow())
                .toList();
        reader.finish();
        assertEquals(List.of("a", "b"), names);
    }

    @Test
    void namesThePlaceOfAnUnknownKeyInAListOfMappings() {
        ConfigReader reader = ConfigReader.of("c.yaml", "items:\n- {name: a}\n- {nmae: b}\n");
        reader.sections("items").forEach(s -> s.text("name"));
        ConfigFault fault = assertThrows(ConfigFault.class, reader::finish);
        assertTrue(fault.getMessage().contains("'items[1].nmae'"), fault.getMessage());
    }

    @Test
    void refusesATextWhereAListOfMappingsBelongs() {
        ConfigReader reader = ConfigReader.of("c.yaml", "items: a\n");
        reader.sections("items");
        assertThrows(ConfigFault.class, reader::finish);
    }
}
