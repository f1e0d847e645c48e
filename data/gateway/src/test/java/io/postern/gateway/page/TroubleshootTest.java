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

                    $ postern exchange show b4da04880509913b286276bc202423df
                    Exchange     b4da04880509913b286276bc202423df
                    Time         2026-11-21T21:38:14.622798400Z
                    Request      GET https://sense-contoso.postern.localhost:8443/hub
                    From         127.0.0.1
                    User         b.simon@contoso.example
                    Application  sense
                    Connector    none reached
                    Status       504, gateway_timeout
                    Reason       no_connector: no connector of the application's group is connected
                    Remedy       start one, or give the application to another group; see 'postern connector list'
                    Times        admitted after 2.5 ms, sent to the connector never, answer begun after 7.6 ms, over after 8.0 ms
                    Node         vm:8443

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
