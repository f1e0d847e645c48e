package io.postern.run.connector;

import io.postern.connector.ConnectorSettings;
import io.postern.connector.kerberos.KerberosSettings;
import io.postern.net.LocalNames;
import io.postern.net.Loops;
import io.postern.run.connector.questions.Answering;
import io.postern.run.connector.questions.AskedBackend;
import io.postern.tunnel.BackendTlsSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Answers `kerberos-check`: the same walk as `postern connector kerberos-check`, asked for by the service. The
/// answer names accounts and hosts, and holds no ticket.
final class KerberosQuestion implements Answering {
    static final String KIND = "kerberos-check";

    private static final JsonMapper JSON = new JsonMapper();

    private final KerberosFindings findings;

    KerberosQuestion(KerberosSettings kerberos, ConnectorSettings settings, Loops loops, LocalNames names) {
        this.findings = new KerberosFindings(kerberos, settings, loops, names);
    }

    @Override
    public ObjectNode answer(ObjectNode question, Duration limit) {
        String url = question.path("url").asString("");
        var wanted = new KerberosFindings.Wanted(
                question.path("user").asString(""),
                question.path("spn").asString(""),
                question.path("mechanism").asString("").equals("krb5"),
                url.isEmpty() ? Optional.empty() : Optional.of(url(url)),
                url.isEmpty()
                        ? BackendTlsSettings.of(true)
                        : AskedBackend.read(KIND, question.path("backend")).tls());
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode steps = answer.putArray("steps");
        try {
            findings.look(wanted, finding -> {
                ObjectNode step = steps.addObject()
                        .put("name", finding.step())
                        .put(
                                "result",
                                switch (finding.verdict()) {
                                    case OK -> "passed";
                                    case WARNING, FAILED, SKIPPED ->
                                        finding.verdict().word();
                                })
                        .put("detail", finding.what());
                if (!finding.remedy().isEmpty()) {
                    step.put("remedy", finding.remedy());
                }
            });
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("the connector stops", e);
        }
    }

    /// @throws IllegalArgumentException when it is none of a web server
    static URI url(String text) {
        try {
            URI url = new URI(text);
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            if (url.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + text + "' is no URL: " + e.getReason(), e);
        }
        throw new IllegalArgumentException("'" + text + "' must look like https://host/path");
    }
}
