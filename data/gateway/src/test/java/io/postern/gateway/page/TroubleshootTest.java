package io.postern.gateway.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.event.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// docs/operate/troubleshoot.md is written from the catalogue, so that it cannot tell anything else. After a
/// change of the catalogue: `mvn test -pl data/gateway -am -Dtest=TroubleshootTest -Dpostern.troubleshoot.write=true
/// -Dsurefire.failIfNoSpecifiedTests=false`, and look at the diff.
class TroubleshootTest {
    private static final Path DOCUMENT = Path.of("../../docs/operate/troubleshoot.md");

    @Test
    void theDocumentTellsWhatTheCatalogueTells() throws IOException {
        String wanted = document();
        if (Boolean.getBoolean("postern.troubleshoot.write")) {
            Files.writeString(DOCUMENT, wanted);
        }
        assertEquals(wanted, Files.readString(DOCUMENT));
    }

    @Test
    void everyKindIsMeantByACause() {
        List<ErrorKind> meant =
                Arrays.stream(Cause.values()).map(ErrorKind::of).distinct().toList();
        for (ErrorKind kind : ErrorKind.values()) {
            assertTrue(meant.contains(kind), kind.name());
        }
    }

    @Test
    void everyCauseSaysWhatItMeansAndWhatToDo() {
        for (Cause cause : Cause.values()) {
            assertTrue(cause.meaning().length() > 10 && !cause.meaning().endsWith("."), cause.name());
            assertTrue(cause.remedy().length() > 10 && !cause.remedy().endsWith("."), cause.name());
            assertEquals(cause, Cause.of(cause.reason()).orElseThrow());
        }
    }

    private static String document() {
        var out = new StringBuilder("""
                # When something fails

                Written from the error catalogue by `TroubleshootTest`; change `Cause` and not this file.

                An error page tells users what to do and an *exchange id*, and nothing of what lies inside. Whoever
                administers looks the id up:

                    $ postern exchange show 4f1c5b0e9a7d42c8b3e6f70a1d2c9b58

                tells who asked for what, through which connector, the reason, the remedy and how long each step took.
                A node keeps the failed exchanges of its own users for a day, the newest 16,384, and the newest 4,096 of
                strangers; with several nodes, ask the one that carried the request. The access log (docs/operate/logs.md)
                holds all of them, with the same id and the same `reason`.

                A fault that comes at once is configuration; one that takes more than twenty seconds is connectivity
                (ERR-1). The application's own error pages pass unchanged and have no exchange id (ERR-3).

                """);
        for (ErrorKind kind : ErrorKind.values()) {
            out.append("## ")
                    .append(kind.status())
                    .append(' ')
                    .append(kind.text())
                    .append(": ")
                    .append(kind.heading())
                    .append("\n\nUsers read: ")
                    .append(kind.explanation())
                    .append("\n\n| reason | meaning | remedy |\n|---|---|---|\n");
            for (Cause cause : Cause.values()) {
                if (ErrorKind.of(cause) == kind) {
                    out.append("| `")
                            .append(cause.reason())
                            .append("` | ")
                            .append(cause.meaning())
                            .append(" | ")
                            .append(cause.remedy())
                            .append(" |\n");
                }
            }
            out.append('\n');
        }
        return out.toString().stripTrailing() + "\n";
    }
}
