package io.postern.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRequest;
import io.helidon.webserver.http.ServerRequest;
import io.postern.domain.DoorFields;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What the gateway tells about a request ([DoorFields]); believed because only the gateway reaches our
/// listener and it removes such fields from what clients send.
///
/// @param clientAddress without a port; `unknown` when the gateway did not say
/// @param exchange the id that stands in both logs
/// @param correlation id of the sign-in that this request goes on with, which stands in the sign-in log and on error
///     pages: the exchange that began it; the exchange itself where nothing goes on
/// @param origin as the user agent sees it, for example `https://login.example.com:8443`; empty when unknown
/// @param signedIn the pre-authenticated user; empty on public hosts
/// @param clientCertificate SHA-256 of the verified client certificate, hex; only on the connectors' door
/// @param userAgent what the user agent says of itself, cut to a sane length; empty when nothing
public record RequestFacts(
        String clientAddress,
        String exchange,
        String correlation,
        String origin,
        Optional<SignedIn> signedIn,
        Optional<String> clientCertificate,
        String userAgent) {

    /// Who the gateway let in.
    ///
    /// @param session empty when a bearer token let him in
    public record SignedIn(TenantId tenant, UserId user, Optional<SessionId> session) {}

    private static final int USER_AGENT_CHARACTERS_MAX = 512;
    private static final HeaderName CLIENT_ADDRESS = HeaderNames.create(DoorFields.CLIENT_ADDRESS);
    private static final HeaderName EXCHANGE = HeaderNames.create(DoorFields.EXCHANGE);
    private static final HeaderName ORIGIN = HeaderNames.create(DoorFields.ORIGIN);
    private static final HeaderName SUBJECT = HeaderNames.create(DoorFields.SUBJECT);
    private static final HeaderName CLIENT_CERTIFICATE = HeaderNames.create(DoorFields.CLIENT_CERTIFICATE);

    /// What an earlier request began.
    private record Begun(String correlation) {}

    public static RequestFacts of(HttpRequest request) {
        String exchange = only(request, EXCHANGE)
                .orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
        return new RequestFacts(
                only(request, CLIENT_ADDRESS).orElse("unknown"),
                exchange,
                correlation(request).orElse(exchange),
                only(request, ORIGIN).orElse(""),
                only(request, SUBJECT).flatMap(RequestFacts::signedIn),
                only(request, CLIENT_CERTIFICATE),
                request.headers()
                        .first(HeaderNames.USER_AGENT)
                        .map(agent -> agent.substring(0, Math.min(agent.length(), USER_AGENT_CHARACTERS_MAX)))
                        .orElse(""));
    }

    /// Whose an address is: who has IPv6 holds a /64, so its addresses count as one.
    public static String network(String clientAddress) {
        if (clientAddress.indexOf(':') < 0) {
            return clientAddress;
        }
        String[] groups = clientAddress.split("::", 2)[0].split(":");
        return String.join(":", Arrays.copyOf(groups, Math.min(4, groups.length))) + "::/64";
    }

    /// From now on `request` is known to go on with the sign-in of this correlation id.
    public static void goesOn(ServerRequest request, String correlation) {
        request.context().register(new Begun(correlation));
    }

    private static Optional<String> correlation(HttpRequest request) {
        return request instanceof ServerRequest served
                ? served.context().get(Begun.class).map(Begun::correlation)
                : Optional.empty();
    }

    /// A field that stands twice cannot come from the gateway: it counts as absent.
    private static Optional<String> only(HttpRequest request, HeaderName name) {
        List<String> values = request.headers().values(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private static Optional<SignedIn> signedIn(String field) {
        String[] parts = field.split("/", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SignedIn(
                    new TenantId(parts[0]),
                    new UserId(parts[1]),
                    parts[2].isEmpty() ? Optional.empty() : Optional.of(new SessionId(parts[2]))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not ours: nobody is signed in
        }
    }
}
