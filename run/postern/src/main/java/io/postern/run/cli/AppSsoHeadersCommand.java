package io.postern.run.cli;

import io.postern.run.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern app sso headers`: what a backend is told of users in request headers.
@Command(
        name = "headers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Tell the backend of users in request headers, which no client can set. Without options, show"
                + " what is set; with --user, what would be told of somebody.")
final class AppSsoHeadersCommand extends Topic.Action {
    private static final String SETTINGS = "headerSignOnSettings";

    @Mixin
    private Name name = new Name();

    @Option(
            names = "--header",
            paramLabel = "NAME=ATTRIBUTE",
            description = "Headers with an attribute of the user; they replace those that are.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--groups",
            paramLabel = "NAME=WHICH[:BY]",
            description = "Headers with names of groups: all, security or assigned, by id (the default), displayName,"
                    + " samAccountName, ...; with --header in one list.")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--encoding",
            paramLabel = "HOW",
            description = "Of what is no ASCII, in all of these headers: percent (the default), base64, or ascii,"
                    + " which refuses it.")
    private @Nullable String encoding;

    @Option(names = "--path", paramLabel = "PATH", description = "Internal path that they are for, and all below.")
    private @Nullable String path;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "JSON with 'headers' as docs/guide/header-sign-on.md has them: transformations, conditions,"
                    + " separators, several paths.")
    private @Nullable Path file;

    @Option(names = "--off", description = "Tell the backend nothing any more.")
    private boolean off;

    @Option(names = "--user", paramLabel = "USER", description = "Show what would be told of this user; saves nothing.")
    private @Nullable String user;

    @Override
    void run(Api api, Screen screen) {
        JsonNode application = new Lookup(api).application(name.required("application"));
        String one = "/applications/" + application.path("id").asString();
        ObjectNode wanted = wanted();
        if (user != null) {
            ObjectNode body = Api.object().put("user", user);
            if (!wanted.isEmpty()) {
                body.set(SETTINGS, wanted);
            }
            JsonNode preview = api.post(one + "/onPremisesPublishing/previewHeaders", body);
            if (json()) {
                screen.json(preview);
            } else {
                told(preview, screen);
            }
            return;
        }
        if (off && !wanted.isEmpty()) {
            throw new Fault("--off tells nothing any more; leave the other options out");
        }
        if (off || !wanted.isEmpty()) {
            ObjectNode body = Api.object();
            ObjectNode settings = body.putObject("onPremisesPublishing").putObject("singleSignOnSettings");
            settings.put("singleSignOnMode", off ? "none" : "aadHeaderBased");
            if (!off) {
                settings.set(SETTINGS, wanted);
            }
            api.patch(one, body);
        }
        JsonNode set = api.get(one + "/onPremisesPublishing").path("singleSignOnSettings");
        if (json()) {
            screen.json(set);
        } else {
            show(set, screen);
        }
    }

    private ObjectNode wanted() {
        ObjectNode wanted = file == null ? Api.object() : AppSsoCommand.object(file);
        if (headers.isEmpty() && groups.isEmpty()) {
            if (encoding != null || path != null) {
                throw new Fault("--encoding and --path belong to --header or --groups; give one of these too");
            }
            return wanted;
        }
        if (file != null) {
            throw new Fault("--file has all headers in it; give either that or --header and --groups");
        }
        ArrayNode list = wanted.putArray("headers");
        for (String header : headers) {
            String[] parts = parts("--header", header, "NAME=ATTRIBUTE");
            started(list, parts[0]).putArray("configurations").addObject().put("attribute", parts[1]);
        }
        for (String group : groups) {
            String[] parts = parts("--groups", group, "NAME=WHICH[:BY]");
            String[] which = parts[1].split(":", 2);
            ObjectNode claim = started(list, parts[0]).putObject("groupClaim").put("groups", which[0]);
            if (which.length == 2) {
                claim.put("sourceAttribute", which[1]);
            }
        }
        return wanted;
    }

    private ObjectNode started(ArrayNode list, String header) {
        ObjectNode one = list.addObject().put("name", header);
        if (encoding != null) {
            one.put("encoding", encoding);
        }
        if (path != null) {
            one.put("path", path);
        }
        return one;
    }

    private static String[] parts(String option, String text, String form) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new Fault(option + " '" + text + "' must be " + form);
        }
        return new String[] {text.substring(0, equals), text.substring(equals + 1)};
    }

    private static void show(JsonNode settings, Screen screen) {
        screen.line(
                "Sign-on at the backend: " + settings.path("singleSignOnMode").asString());
        List<List<String>> rows = settings.at("/" + SETTINGS + "/headers")
                .valueStream()
                .map(header -> List.of(
                        header.path("name").asString(),
                        header.path("path").asString(),
                        header.has("groupClaim")
                                ? "groups " + header.at("/groupClaim/groups").asString() + " by "
                                        + header.at("/groupClaim/sourceAttribute")
                                                .asString()
                                : AppSsoCommand.sources(header.path("configurations")),
                        header.path("encoding").asString(),
                        header.path("required").asBoolean() ? "required" : ""))
                .toList();
        screen.table(
                List.of("HEADER", "PATH", "FROM", "ENCODING", ""), rows, "The backend is told nothing in headers.");
    }

    static void told(JsonNode preview, Screen screen) {
        screen.line("The backend would be told of "
                + preview.path("userPrincipalName").asString() + ":");
        for (JsonNode header : preview.path("headers")) {
            boolean failed = header.path("result").asString().equals("failed");
            String below = header.path("path").asString().equals("/")
                    ? ""
                    : "  (below " + header.path("path").asString() + ")";
            screen.line((failed ? "FAILED  " : "  ") + header.path("name").asString() + ": "
                    + (header.path("value").isString()
                            ? header.path("value").asString()
                            : header.path("detail").asString())
                    + below);
        }
        if (preview.path("result").asString().equals("failed")) {
            screen.line("Requests of this user would be refused.");
        }
    }
}
