package io.postern.run.cli;

import io.postern.run.Fault;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso test`: what a sign-on needs, and what it would say.
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Tell what a sign-on needs and lacks, what the application would be told of a user, and where"
                + " a browser begins. A sign-on by Kerberos or password is tried by connectors, as the user. Exit"
                + " status 1 when something is lacking.")
final class AppSsoTestCommand extends Topic.Action {
    @Mixin
    private Name name = new Name();

    @Option(names = "--user", paramLabel = "USER", description = "Whose sign-on; without, what is the same for all.")
    private @Nullable String user;

    @Option(
            names = "--claims",
            paramLabel = "FILE",
            description = "Try claims that are not saved, JSON as for 'app sso set --file': tells what the"
                    + " application would be told of the user, and nothing else.")
    private @Nullable Path claims;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description =
                    "Backend to try, where an application with a wildcard signs users in by Kerberos or password.")
    private @Nullable String host;

    private @Nullable IdentityTokenReport token;
    private boolean failed;

    @Override
    void run(Api api, Screen screen) {
        ObjectNode body = Api.object();
        if (user != null) {
            body.put("user", user);
        }
        if (claims != null) {
            tryOut(api, screen, body, AppSsoCommand.object(claims));
            return;
        }
        JsonNode application = new Lookup(api).application(name.required("application"));
        if (IdentityTokenReport.isFor(application)) {
            token = IdentityTokenReport.of(api, application, user);
            if (tokenOnly(api, application)) {
                if (json()) {
                    json(screen, Api.object().put("result", "ready"));
                } else {
                    token.show(screen);
                }
                return;
            }
            if (!json()) {
                token.show(screen);
                screen.line("");
            }
        }
        signOn(api, screen, application, body);
    }

    /// With what the identity token would say, where there is one.
    private void json(Screen screen, JsonNode report) {
        if (token != null) {
            ((ObjectNode) report).set("identityToken", token.json());
        }
        screen.json(report);
    }

    /// Where nothing but the token tells the backend of users (3.7).
    private boolean tokenOnly(Api api, JsonNode application) {
        return mode(application).equals("none") && isAlone(api);
    }

    private static String mode(JsonNode application) {
        return application
                .at("/onPremisesPublishing/singleSignOnSettings/singleSignOnMode")
                .asString("none");
    }

    /// Whether users are signed on by no protocol of their browsers.
    private boolean isAlone(Api api) {
        return api.get(AppSsoCommand.principal(api, name) + "/signOn")
                .path("preferredSingleSignOnMode")
                .asString()
                .equals("notSupported");
    }

    private void signOn(Api api, Screen screen, JsonNode application, ObjectNode body) {
        if (BackendSignOnReport.isFor(application)) {
            BackendSignOnReport backend = BackendSignOnReport.of(api, application, user, host);
            failed = backend.failed();
            if (json()) {
                json(screen, backend.json());
            } else {
                backend.show(screen);
            }
            return;
        }
        if (headersOnly(api, screen, application)) {
            return;
        }
        JsonNode report = api.post(AppSsoCommand.principal(api, name) + "/signOn/test", body);
        failed = report.path("result").asString().equals("failed");
        if (json()) {
            json(screen, report);
            return;
        }
        for (JsonNode step : report.path("steps")) {
            String mark = switch (step.path("result").asString()) {
                case "passed" -> "ok      ";
                case "warning" -> "warning ";
                default -> "FAILED  ";
            };
            screen.line(mark + step.path("name").asString() + ": "
                    + step.path("detail").asString());
        }
        JsonNode preview = report.path("preview");
        if (preview.isObject()) {
            screen.line("");
            told(preview, screen);
        }
        screen.line("");
        screen.line("Sign in as to the application and see what it would be told: "
                + report.path("testPageUrl").asString());
        if (report.path("startUrl").isString()) {
            screen.line("Try it in a browser: " + report.path("startUrl").asString());
        }
    }

    /// Where the gateway tells the backend of users, and nothing else signs them on (3.3).
    private boolean headersOnly(Api api, Screen screen, JsonNode application) {
        String publishing = "/applications/" + application.path("id").asString() + "/onPremisesPublishing";
        if (!mode(application).equals("aadHeaderBased") || !isAlone(api)) {
            return false;
        }
        if (user == null) {
            throw new Fault("headers tell of somebody: add --user USER; 'postern app sso headers' shows what is set");
        }
        JsonNode preview = api.post(publishing + "/previewHeaders", Api.object().put("user", user));
        failed = preview.path("result").asString().equals("failed");
        if (json()) {
            json(screen, preview);
        } else {
            AppSsoHeadersCommand.told(preview, screen);
        }
        return true;
    }

    private void tryOut(Api api, Screen screen, ObjectNode body, JsonNode draft) {
        if (user == null) {
            throw new Fault("claims are tried out for somebody: add --user USER");
        }
        body.set("claimsPolicy", draft.path("claimsPolicy").isObject() ? draft.path("claimsPolicy") : draft);
        JsonNode preview = api.post(AppSsoCommand.principal(api, name) + "/signOn/preview", body);
        if (json()) {
            screen.json(preview);
        } else {
            told(preview, screen);
        }
    }

    private static void told(JsonNode preview, Screen screen) {
        screen.line("The application would be told of "
                + preview.path("userPrincipalName").asString() + ":");
        screen.line("  NameID  " + preview.at("/nameId/value").asString() + "  ("
                + preview.at("/nameId/format").asString() + ")");
        for (JsonNode claim : preview.path("claims")) {
            screen.line("  " + claim.path("name").asString() + " = " + AppSsoCommand.joined(claim.path("values")));
        }
    }

    @Override
    public Integer call() {
        int done = super.call();
        return failed ? CommandLine.ExitCode.SOFTWARE : done;
    }
}
