package io.postern.run.cli;

import io.postern.run.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// `postern app set`: changes single settings of one application, all that are given or none.
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Change settings of an application; in force at every gateway within a second.")
final class AppSetCommand extends Topic.Action {
    enum Switch {
        ON,
        OFF
    }

    private static final String PUBLISHING = "onPremisesPublishing";

    @Mixin
    private Name name = new Name();

    @Option(names = "--maintenance", paramLabel = "on|off", description = "Nobody gets in for now, and is told so.")
    private @Nullable Switch maintenance;

    @Option(names = "--notes", paramLabel = "TEXT", description = "Notes of administrators; '' removes them.")
    private @Nullable String notes;

    @Option(names = "--visible", paramLabel = "on|off", description = "Whether users see a tile in My Apps.")
    private @Nullable Switch visible;

    @Option(
            names = "--home-page",
            paramLabel = "URL",
            description = "What the tile opens, below the external URL; '' is the external URL itself.")
    private @Nullable String homePage;

    @Option(names = "--logo", paramLabel = "FILE", description = "PNG or JPEG for the tile; '' removes it.")
    private @Nullable String logo;

    @Option(names = "--assignment-required", paramLabel = "on|off", description = "Only assigned users get in.")
    private @Nullable Switch assignmentRequired;

    @Option(names = "--enabled", paramLabel = "on|off", description = "Whether anybody can sign in.")
    private @Nullable Switch enabled;

    @Option(names = "--internal-url", paramLabel = "URL", description = "Where connectors reach it.")
    private @Nullable String internalUrl;

    @Option(names = "--external-url", paramLabel = "URL", description = "Where users reach it.")
    private @Nullable String externalUrl;

    @Option(names = "--preauth", paramLabel = "MODE", description = "postern or passthrough.")
    private AppPublishCommand.@Nullable SignIn preAuthentication;

    @Option(names = "--group", paramLabel = "NAME", description = "Connector group.")
    private @Nullable String group;

    @Option(
            names = "--timeout",
            paramLabel = "LENGTH",
            description = "Time for the backend's first byte: default, long, or such as 90s, 5m.")
    private @Nullable String timeout;

    @Option(names = "--body-links", paramLabel = "on|off", description = "Translate links in pages and style sheets.")
    private @Nullable Switch bodyLinks;

    @Option(names = "--translate-headers", paramLabel = "on|off", description = "Translate URLs in header fields.")
    private @Nullable Switch translateHeaders;

    @Option(
            names = "--validate-backend-certificate",
            paramLabel = "on|off",
            description = "Whether connectors verify the backend's certificate.")
    private @Nullable Switch validate;

    @Option(
            names = "--pin",
            paramLabel = "SHA-256",
            description = "Certificate that the backend must show; may be repeated, '' removes all pins.")
    private List<String> pins = new ArrayList<>();

    @Option(
            names = "--server-name",
            paramLabel = "NAME",
            description = "Name to ask the backend for (SNI) and to verify; '' is the internal host.")
    private @Nullable String serverName;

    @Option(
            names = "--client-certificate",
            paramLabel = "NAME",
            description = "Certificate to show the backend, as connector.yaml names it; '' shows none.")
    private @Nullable String clientCertificate;

    @Option(
            names = "--http2",
            paramLabel = "on|off",
            description = "HTTP/2 towards the backend where it speaks https and chooses it (the default).")
    private @Nullable Switch http2;

    @Option(
            names = "--set",
            paramLabel = "PROPERTY=VALUE",
            description =
                    "Any other property of onPremisesPublishing by its name in docs/api.md; VALUE is JSON or text,"
                            + " such as requestsPerSecondMax=100 or linkTranslation.isXmlTranslated=true.")
    private List<String> others = new ArrayList<>();

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        ObjectNode wanted = wanted();
        if (wanted.isEmpty() && logo == null) {
            throw new Fault("nothing to set; see 'postern app set --help'");
        }
        JsonNode change = wanted.isEmpty() ? Api.object() : apply(api, application, wanted);
        if (logo != null) {
            sendLogo(api, application.path("id").asString(), logo);
        }
        change.path("warnings").forEach(w -> err().println("postern: warning: " + w.asString("")));
        err().flush();
        if (json()) {
            screen.json(change);
            return;
        }
        change.path("differences")
                .forEach(d -> screen.line(
                        d.path("property").asString("") + ": " + d.path("before") + " -> " + d.path("after")));
        if (logo != null) {
            screen.line(logo.isEmpty() ? "logo removed" : "logo: " + logo);
        } else if (change.path("differences").isEmpty()) {
            screen.line("No changes: it is so already.");
        }
    }

    private static JsonNode apply(Api api, JsonNode application, ObjectNode wanted) {
        wanted.put("displayName", application.path("displayName").asString(""));
        ObjectNode body = Api.object();
        body.putArray("applications").add(wanted);
        return api.post(ApplyCommand.DECLARATIONS + "/apply", body)
                .path("changes")
                .path(0);
    }

    private static void sendLogo(Api api, String id, String file) {
        String path = "/applications/" + id + "/logo";
        if (file.isEmpty()) {
            api.delete(path);
            return;
        }
        boolean jpeg = file.toLowerCase(Locale.ROOT).matches(".*\\.jpe?g");
        try {
            api.putPicture(path, jpeg ? "image/jpeg" : "image/png", Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            throw new Fault("the logo " + file + " cannot be read", e);
        }
    }

    private ObjectNode wanted() {
        ObjectNode wanted = Api.object();
        text(wanted, "notes", notes);
        text(wanted, "homePageUrl", homePage);
        flag(wanted, "isVisibleToUsers", visible);
        flag(wanted, "appRoleAssignmentRequired", assignmentRequired);
        flag(wanted, "accountEnabled", enabled);
        if (group != null) {
            wanted.put("connectorGroup", group);
        }
        ObjectNode publishing = publishing();
        if (!publishing.isEmpty()) {
            wanted.set(PUBLISHING, publishing);
        }
        return wanted;
    }

    private ObjectNode publishing() {
        ObjectNode json = Api.object();
        flag(json, "isMaintenanceModeEnabled", maintenance);
        flag(json, "isTranslateLinksInBodyEnabled", bodyLinks);
        flag(json, "isTranslateHostHeaderEnabled", translateHeaders);
        flag(json, "isBackendCertificateValidationEnabled", validate);
        if (internalUrl != null) {
            json.put("internalUrl", internalUrl);
        }
        if (externalUrl != null) {
            json.put("externalUrl", externalUrl);
        }
        if (preAuthentication != null) {
            json.put(
                    "externalAuthenticationType",
                    preAuthentication == AppPublishCommand.SignIn.PASSTHROUGH ? "passthru" : "aadPreAuthentication");
        }
        if (timeout != null) {
            json.put("applicationServerTimeout", iso(timeout));
        }
        ObjectNode tls = Api.object();
        text(tls, "serverName", serverName);
        text(tls, "clientCertificate", clientCertificate);
        flag(tls, "isHttp2Enabled", http2);
        if (!pins.isEmpty()) {
            pins.stream().filter(pin -> !pin.isEmpty()).forEach(tls.putArray("pinnedCertificates")::add);
        }
        if (!tls.isEmpty()) {
            json.set("backendTls", tls);
        }
        others.forEach(other -> property(json, other));
        return json;
    }

    private static void property(ObjectNode json, String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new Fault("--set '" + assignment + "' must be PROPERTY=VALUE");
        }
        String[] path = assignment.substring(0, equals).split("\\.");
        ObjectNode inside = json;
        for (int i = 0; i < path.length - 1; i++) {
            inside = inside.path(path[i]) instanceof ObjectNode known ? known : inside.putObject(path[i]);
        }
        inside.set(path[path.length - 1], value(assignment.substring(equals + 1)));
    }

    private static JsonNode value(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            return JsonNodeFactory.instance.stringNode(text); // plain text needs no quotes
        }
    }

    /// `90s`, `5m`, `2h` as ISO 8601; anything else as it is, for the service to judge.
    static String iso(String text) {
        return text.matches("\\d+[smh]") ? "PT" + text.toUpperCase(Locale.ROOT) : text;
    }

    private static void flag(ObjectNode json, String property, @Nullable Switch value) {
        if (value != null) {
            json.put(property, value == Switch.ON);
        }
    }

    private static void text(ObjectNode json, String property, @Nullable String value) {
        if (value != null) {
            json.set(
                    property,
                    value.isEmpty() ? JsonNodeFactory.instance.nullNode() : JsonNodeFactory.instance.stringNode(value));
        }
    }
}
