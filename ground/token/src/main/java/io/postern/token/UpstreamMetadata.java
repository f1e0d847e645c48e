package io.postern.token;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an OpenID Provider publishes of itself (OpenID Connect Discovery §3), as far as we are its client.
///
/// @param endSessionEndpoint for RP-initiated logout
/// @param tokenAuthentication ways of a client to prove itself; `client_secret_basic` where it does not say
/// @param statesIssuer its answers carry `iss` (RFC 9207)
public record UpstreamMetadata(
        String issuer,
        String authorizationEndpoint,
        String tokenEndpoint,
        String keysUrl,
        Optional<String> userInfoEndpoint,
        Optional<String> endSessionEndpoint,
        List<String> tokenAuthentication,
        boolean statesIssuer) {
    public UpstreamMetadata {
        tokenAuthentication = List.copyOf(tokenAuthentication);
    }

    /// What came of reading.
    public sealed interface Result {
        record Read(UpstreamMetadata metadata) implements Result {}

        /// @param why one clause for administrators
        record Refused(String why) implements Result {}
    }

    /// Where an issuer publishes it.
    public static String address(String issuer) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration";
    }

    /// @param issuer that the document must be of, to the letter (Discovery §4.3)
    public static Result read(String json, String issuer) {
        try {
            Map<String, Object> document = JSONObjectUtils.parse(json);
            String named = text(document, "issuer").orElse("");
            if (!named.equals(issuer)) {
                return new Result.Refused("it is of the issuer '" + named + "', not of '" + issuer + "'");
            }
            for (String endpoint : List.of("authorization_endpoint", "token_endpoint", "jwks_uri")) {
                if (text(document, endpoint).filter(UpstreamMetadata::isHttps).isEmpty()) {
                    return new Result.Refused("its " + endpoint + " is missing or no https URL");
                }
            }
            List<String> ways = document.containsKey("token_endpoint_auth_methods_supported")
                    ? JSONObjectUtils.getStringList(document, "token_endpoint_auth_methods_supported")
                    : List.of("client_secret_basic");
            return new Result.Read(new UpstreamMetadata(
                    issuer,
                    text(document, "authorization_endpoint").orElseThrow(),
                    text(document, "token_endpoint").orElseThrow(),
                    text(document, "jwks_uri").orElseThrow(),
                    text(document, "userinfo_endpoint").filter(UpstreamMetadata::isHttps),
                    text(document, "end_session_endpoint").filter(UpstreamMetadata::isHttps),
                    ways,
                    Boolean.TRUE.equals(document.get("authorization_response_iss_parameter_supported"))));
        } catch (ParseException e) {
            return new Result.Refused("it is no JSON object as a discovery document must be");
        }
    }

    private static Optional<String> text(Map<String, Object> document, String name) {
        return document.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static boolean isHttps(String url) {
        try {
            var uri = new URI(url);
            return "https".equals(uri.getScheme()) && uri.getHost() != null && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
