package io.postern.run.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The line is a contract: a change here breaks scripts of others.
class ReadyReportTest {
    private static ReadyReport report(int port, Optional<String> password) {
        return new ReadyReport(
                "postern.localhost",
                new HostPort("127.0.0.1", port),
                port,
                Optional.of("pat_abc"),
                Path.of("/data/ca.pem"),
                "contoso",
                "b.simon@contoso.example",
                password,
                List.of(new ReadyReport.App(
                        "wiki", "http://127.0.0.1:9000/", "https://wiki-contoso.postern.localhost:" + port + "/")),
                "http://127.0.0.1:9464/metrics");
    }

    @Test
    void writesTheLineOfTheContract() {
        assertEquals(
                "{\"ready\":true,\"baseDomain\":\"postern.localhost\",\"listen\":\"127.0.0.1:8443\","
                        + "\"login\":\"https://login.postern.localhost:8443/\","
                        + "\"portal\":\"https://myapps.postern.localhost:8443/\","
                        + "\"connect\":\"https://connect.postern.localhost:8443/\","
                        + "\"api\":\"https://api.postern.localhost:8443/\","
                        + "\"apiToken\":\"pat_abc\",\"caCertificate\":\"/data/ca.pem\",\"tenant\":\"contoso\","
                        + "\"users\":[{\"userPrincipalName\":\"b.simon@contoso.example\",\"password\":\"secret\"}],"
                        + "\"apps\":[{\"displayName\":\"wiki\",\"internalUrl\":\"http://127.0.0.1:9000/\","
                        + "\"externalUrl\":\"https://wiki-contoso.postern.localhost:8443/\"}],"
                        + "\"metrics\":\"http://127.0.0.1:9464/metrics\"}",
                report(8443, Optional.of("secret")).toJson());
    }

    @Test
    void leavesTheStandardPortOutOfUrls() {
        assertTrue(report(443, Optional.empty()).toJson().contains("\"login\":\"https://login.postern.localhost/\""));
    }

    @Test
    void tellsNoPasswordOnceItWasChanged() {
        assertTrue(report(8443, Optional.empty()).toJson().contains("\"password\":null"));
        assertTrue(report(8443, Optional.empty()).toText().contains("as you changed it"));
    }

    @Test
    void showsAPersonWhatToOpenAndHowToTrustIt() {
        String text = report(8443, Optional.of("secret")).toText();
        assertTrue(text.contains("https://wiki-contoso.postern.localhost:8443/"));
        assertTrue(text.contains("secret"));
        assertTrue(text.contains("curl --cacert /data/ca.pem"));
    }
}
