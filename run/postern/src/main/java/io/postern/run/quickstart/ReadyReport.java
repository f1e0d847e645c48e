package io.postern.run.quickstart;

import io.postern.base.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a quickstart says when everything is up. Its JSON is a contract with scripts: names, order and
/// meaning stay; later versions may add keys at the end.
///
/// @param publicPort under which the URLs are reached
/// @param apiToken empty when it was revoked or its file removed
/// @param password empty once the user has changed it
/// @param metrics where Prometheus reads
record ReadyReport(
        String baseDomain,
        HostPort listen,
        int publicPort,
        Optional<String> apiToken,
        Path caCertificate,
        String tenant,
        String userPrincipalName,
        Optional<String> password,
        List<App> apps,
        String metrics) {
    /// @param externalUrl with the port
    record App(String displayName, String internalUrl, String externalUrl) {}

    ReadyReport {
        apps = List.copyOf(apps);
    }

    String url(String label) {
        return "https://" + label + "." + baseDomain + (publicPort == 443 ? "" : ":" + publicPort) + "/";
    }

    /// One line, without the line's end.
    String toJson() {
        var factory = JsonNodeFactory.instance;
        ObjectNode line = factory.objectNode();
        line.put("ready", true);
        line.put("baseDomain", baseDomain);
        line.put("listen", listen.toString());
        line.put("login", url("login"));
        line.put("portal", url("myapps"));
        line.put("connect", url("connect"));
        line.put("api", url("api"));
        line.put("apiToken", apiToken.orElse(null));
        line.put("caCertificate", caCertificate.toString());
        line.put("tenant", tenant);
        ObjectNode user = line.putArray("users").addObject();
        user.put("userPrincipalName", userPrincipalName);
        user.put("password", password.orElse(null));
        var list = line.putArray("apps");
        for (App app : apps) {
            list.addObject()
                    .put("displayName", app.displayName())
                    .put("internalUrl", app.internalUrl())
                    .put("externalUrl", app.externalUrl());
        }
        line.put("metrics", metrics);
        return line.toString();
    }

    /// For a person at a terminal.
    String toText() {
        var text = new StringBuilder("\nPostern is ready.\n\n");
        for (App app : apps) {
            text.append("  %-9s %s\n".formatted(app.displayName(), app.externalUrl()));
        }
        text.append("  %-9s %s\n\n".formatted("portal", url("myapps")));
        text.append("  user      ").append(userPrincipalName).append('\n');
        text.append("  password  ").append(password.orElse("as you changed it")).append("\n\n");
        text.append("  CA        ").append(caCertificate).append('\n');
        text.append("            Trust it in the browser (good for ")
                .append(baseDomain)
                .append(" only), or with curl:\n");
        text.append("            curl --cacert ").append(caCertificate);
        String url = apps.isEmpty() ? url("login") : apps.getFirst().externalUrl();
        String host = java.net.URI.create(url).getHost();
        text.append(" --resolve ")
                .append(host)
                .append(':')
                .append(publicPort)
                .append(":")
                .append(address());
        text.append(" ").append(url).append("\n\n");
        text.append("  Ctrl-C stops everything; the next start goes on with the same data.\n");
        return text.toString();
    }

    private String address() {
        String host = listen.host();
        return host.equals("0.0.0.0") || host.equals("localhost") ? "127.0.0.1" : host.equals("::") ? "[::1]" : host;
    }
}
