package io.postern.run.cli;

import io.postern.domain.InternalUrl;
import io.postern.run.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app publish`: makes an internal application reachable from outside, and says what comes next.
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Publish an internal application.")
final class AppPublishCommand extends Topic.Action {
    enum SignIn {
        POSTERN,
        PASSTHROUGH
    }

    enum Patience {
        DEFAULT,
        LONG
    }

    enum SameSite {
        LAX,
        NONE
    }

    @Option(names = "--name", required = true, paramLabel = "NAME", description = "Display name.")
    private String name = "";

    @Option(
            names = "--internal-url",
            required = true,
            paramLabel = "URL",
            description =
                    "Where connectors reach it, such as http://wiki.corp/, or http://*.corp/ for every host below.")
    private String internalUrl = "";

    @Option(
            names = "--external-url",
            paramLabel = "URL",
            description = "Where users reach it (default: https://NAME-TENANT.BASE-DOMAIN/ with the internal path).")
    private @Nullable String externalUrl;

    @Option(
            names = "--segment",
            paramLabel = "EXTERNAL=INTERNAL",
            description = {
                "One part of a complex application, such as https://api.apps.example/=http://api.corp/. Give it once for"
                        + " each part, with a wildcard in both URLs; only these parts are reachable then."
            })
    private List<String> segments = List.of();

    @Option(
            names = "--alternate-url",
            paramLabel = "URL",
            description = "URL of a front end before several applications; answered likewise.")
    private @Nullable String alternateUrl;

    @Option(
            names = "--preauth",
            paramLabel = "MODE",
            description = "postern: users sign in first (default); passthrough: nobody asks.")
    private SignIn preAuthentication = SignIn.POSTERN;

    @Option(names = "--group", paramLabel = "NAME", description = "Connector group (default: Default).")
    private @Nullable String group;

    @Option(
            names = "--timeout",
            paramLabel = "LENGTH",
            description = "Time for the backend's first byte: default is 85 s, long is 180 s.")
    private Patience timeout = Patience.DEFAULT;

    @Option(
            names = "--no-validate-backend-certificate",
            description = "Connectors do not verify the backend's certificate.")
    private boolean backendCertificateUnchecked;

    @Option(
            names = "--external-host-header",
            description = "The backend sees the external host in the Host field, not the internal one.")
    private boolean externalHostField;

    @Option(
            names = "--cookie-same-site",
            paramLabel = "MODE",
            description = "SameSite of our cookies: lax (default), or none for an application shown in frames.")
    private SameSite cookieSameSite = SameSite.LAX;

    @Override
    void run(Api api, Screen screen) {
        ObjectNode publishing = Api.object();
        publishing.put("internalUrl", checked(internalUrl).toString());
        if (externalUrl != null) {
            publishing.put("externalUrl", externalUrl);
        }
        if (alternateUrl != null) {
            publishing.put("alternateUrl", alternateUrl);
        }
        if (!segments.isEmpty()) {
            ArrayNode all = publishing.putObject("segmentsConfiguration").putArray("applicationSegments");
            segments.forEach(segment -> segment(segment, all.addObject()));
        }
        publishing.put(
                "externalAuthenticationType",
                preAuthentication == SignIn.PASSTHROUGH ? "passthru" : "aadPreAuthentication");
        publishing.put("applicationServerTimeout", timeout == Patience.LONG ? "long" : "default");
        publishing.put("isBackendCertificateValidationEnabled", !backendCertificateUnchecked);
        publishing.put("isTranslateHostHeaderEnabled", !externalHostField);
        publishing.put("cookieSameSite", cookieSameSite == SameSite.NONE ? "none" : "lax");
        ObjectNode body = Api.object();
        body.put("displayName", name);
        body.set("onPremisesPublishing", publishing);
        if (group != null) {
            String id = new Lookup(api).connectorGroup(group).path("id").asString();
            body.set("connectorGroup", Api.object().put("id", id));
        }
        JsonNode application = api.post("/applications", body);
        for (JsonNode warning : application.path("warnings")) {
            err().println("postern: warning: " + warning.asString(""));
            err().flush();
        }
        if (json()) {
            screen.json(application);
        } else {
            tellWhatComesNext(application, screen);
        }
    }

    private void tellWhatComesNext(JsonNode application, Screen screen) {
        String url =
                application.path("onPremisesPublishing").path("externalUrl").asString("");
        screen.line("Published '" + name + "' at " + url);
        screen.line("");
        screen.line("Next:");
        int step = 1;
        if (preAuthentication == SignIn.POSTERN) {
            screen.line("  " + step++ + ". Assign a test user:  postern app assign '" + name + "' --user USER");
        }
        screen.line("  " + step++ + ". Open it:             " + url);
        screen.line("  " + step + ". Set up sign-on:      "
                + (preAuthentication == SignIn.POSTERN
                        ? "users sign in at Postern first; the application keeps its own sign-in, if it has one."
                        : "nobody is asked at the edge; the application must sign users in itself."));
    }

    private static void segment(String text, ObjectNode json) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new Fault("--segment '" + text + "' must be EXTERNAL=INTERNAL, such as"
                    + " https://api.apps.example/=http://api.corp/");
        }
        json.put("externalUrl", text.substring(0, equals));
        json.put("internalUrl", checked(text.substring(equals + 1)).toString());
    }

    private static InternalUrl checked(String text) {
        try {
            return InternalUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Fault(sentence(e), e);
        }
    }

    private static String sentence(IllegalArgumentException e) {
        return e.getMessage() == null ? "--internal-url is not a URL" : e.getMessage();
    }
}
