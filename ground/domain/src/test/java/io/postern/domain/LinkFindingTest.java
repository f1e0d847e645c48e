package io.postern.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.links.LinkFinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The catalogue of link translation and its guide say the same.
class LinkFindingTest {
    @Test
    void theGuideTellsEveryFinding() throws IOException {
        String guide = Files.readString(Path.of("../../docs/guide/link-translation.md"));
        for (LinkFinding finding : LinkFinding.values()) {
            String row = "| `" + finding.wireName() + "` | " + finding.meaning() + " | " + finding.remedy() + " |\n";
            assertTrue(guide.contains(row), row);
            assertEquals(finding, LinkFinding.of(finding.wireName()).orElseThrow());
        }
    }
}
