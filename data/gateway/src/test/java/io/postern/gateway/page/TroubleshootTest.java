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

                Written from the error catalogue by `TroubleshootTest`; change `Cause` or the page's texts, and not this file.

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

                The page is in English or German. The first of these that names one of the two counts: what the browser asks
                for (`Accept-Language`), the tenant's language (`postern tenant set --language de`). Else English. On the hosts
                of our own pages what the user chose at their foot counts first. What programs get instead of a page, JSON or
                plain text, is always English.

                A node keeps the failed exchanges of its own users for a day, the newest 16,384, and the newest 4,096 of
                strangers; with several nodes, ask the one that carried the request. The access log (docs/operate/logs.md)
                holds all of them, with the same id and the same `reason`.

                A fault that comes at once is configuration; one that takes more than twenty seconds is connectivity
                (ERR-1). The application's own error pages pass unchanged and have no exchange id (ERR-3).

                ## To see what goes over the wire

                Where one exchange is not enough, everything between one user and one application can be recorded for a
                while, on both sides of the gateway and on every node:

                    $ postern exchange trace --app sense --user b.simon@contoso.example --for 5m -o b.simon.har
                    Recording b.simon@contoso.example with 'sense' until 2026-11-21T23:31:30.727Z; Ctrl-C ends it now.
                    28 entries written to b.simon.har.
                    Next: open it in the network view of a browser's developer tools (import HAR).

                The file is HAR 1.2. Each exchange stands in it twice, with the same `_exchange`: on the page `client` as
                the user agent sent and got it, on the page `backend` as it went through the tunnel and came back. So one
                sees what translation, forwarded fields and cookies made of it, and which side took the time:

                    client   GET https://sense-contoso.postern.localhost:8443/app/1f4a?view=(blanked-4-89a4)   200  113.0 ms
                    backend  GET http://127.0.0.1:36905/app/1f4a?view=(blanked-4-89a4)                         200  109.5 ms

                There are no bodies in it, only their sizes. Fields are shown when they are known to hold no secret; of
                every other, and of cookies, queries and fragments, the name stays and the value becomes
                `(blanked-LENGTH-MARK)`. Equal values have equal marks within one trace, so one sees whether a cookie
                changed on its way. Paths are shown. A refused exchange has a `_cause`; what comes before the user has
                signed in is not known to be his, and is not recorded. A WebSocket is recorded when it opens.

                A trace lasts an hour at most and ends by itself; eight run at a time in a tenant; a thousand exchanges and
                8 MiB are kept, and what does not fit is counted. The command fetches the recording and deletes it at the
                service; one that nobody fetched goes an hour after its end. It concerns a person: start, end, reading and
                deletion are in the audit log, with who traced whom.

                """);
        for (ErrorKind kind : ErrorKind.values()) {
            Texts.Said english = Texts.ENGLISH.said(kind);
            Texts.Said german = Texts.of("de").said(kind);
            out.append("## ")
                    .append(kind.status())
                    .append(' ')
                    .append(english.status())
                    .append(": ")
                    .append(english.heading())
                    .append("\n\nUsers read: ")
                    .append(english.explanation())
                    .append("\n\nIn German, ")
                    .append(german.status())
                    .append(": ")
                    .append(german.heading())
                    .append(". ")
                    .append(german.explanation())
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
