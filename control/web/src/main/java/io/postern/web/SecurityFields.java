package io.postern.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.publish.Branding;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// Gives every answer of the control plane its security fields, unless the handler set a field itself.
/// Add it first to each own host's routing.
public final class SecurityFields implements Filter {
    static final HeaderName CONTENT_SECURITY_POLICY = HeaderNames.create("content-security-policy");

    // one year: what browsers' preload lists ask for
    private static final String ONE_YEAR = "max-age=31536000";

    private static final HeaderName STRICT_TRANSPORT = HeaderNames.create("strict-transport-security");
    private static final HeaderName CONTENT_TYPE_OPTIONS = HeaderNames.create("x-content-type-options");
    private static final HeaderName FRAME_OPTIONS = HeaderNames.create("x-frame-options");
    private static final HeaderName REFERRER_POLICY = HeaderNames.create("referrer-policy");
    private static final HeaderName PERMISSIONS_POLICY = HeaderNames.create("permissions-policy");

    public SecurityFields() {}

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        boolean strict = mayBeStrict(RequestFacts.of(request).origin());
        response.beforeSend(() -> apply(response, strict));
        chain.proceed();
    }

    /// No scripts, no frames, forms to ourselves and to `formTargets`.
    ///
    /// A form's whole redirect chain counts (Chromium enforces `form-action` on redirects too), so a page
    /// whose form ends at a relying party must name where that may lead.
    static String pagePolicy(List<String> formTargets, boolean script, Branding branding) {
        String targets = formTargets.isEmpty() ? "" : " " + String.join(" ", formTargets);
        String style =
                branding.style().map(css -> " 'sha256-" + sha256(css) + "'").orElse("");
        String image = branding.logo().isPresent() ? " data:" : "";
        return "default-src 'none'; style-src 'self'" + style + "; img-src 'self'" + image + "; "
                + (script ? "script-src 'self'; " : "") + "form-action 'self'" + targets
                + "; frame-ancestors 'none'; base-uri 'none'";
    }

    /// What else a page may show in frames, as the end of its policy.
    static String framePolicy(List<String> sources) {
        return sources.isEmpty() ? "" : "; frame-src " + String.join(" ", sources);
    }

    private static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void apply(ServerResponse response, boolean strict) {
        ifAbsent(response, CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'");
        ifAbsent(response, HeaderNames.CACHE_CONTROL, "no-store");
        ifAbsent(response, CONTENT_TYPE_OPTIONS, "nosniff");
        ifAbsent(response, FRAME_OPTIONS, "DENY");
        // same-origin and not no-referrer: that would make browsers send "Origin: null" with our own forms
        ifAbsent(response, REFERRER_POLICY, "same-origin");
        ifAbsent(response, PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=()");
        if (strict) {
            ifAbsent(response, STRICT_TRANSPORT, ONE_YEAR);
        }
    }

    /// Names under localhost are shared by every program of the machine: pinning them to TLS would break others.
    private static boolean mayBeStrict(String origin) {
        if (!origin.startsWith("https://")) {
            return false;
        }
        try {
            String host = URI.create(origin).getHost();
            return host != null
                    && !host.equals("localhost")
                    && !host.toLowerCase(Locale.ROOT).endsWith(".localhost");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void ifAbsent(ServerResponse response, HeaderName name, String value) {
        if (!response.headers().contains(name)) {
            response.header(name, value);
        }
    }
}
