package io.postern.domain.event;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Why an exchange did not bring the backend's answer: the catalogue that administrators look things up in
/// (section 6.1), by `postern exchange show`, in the access log and in docs/operate/troubleshoot.md. Users see
/// none of it: their page tells the kind only.
public enum Cause {
    // what came could not be taken
    MALFORMED_REQUEST(
            "malformed_request",
            "the request breaks the rules of HTTP, or has more than one reading",
            "find out what sends it: a program, or an extension of the browser; nothing is wrong with the application"),
    COOKIE_TWICE(
            "cookie_twice",
            "the access cookie came twice, which browsers never do by themselves",
            "let the user delete this site's cookies; if it comes again, something plants cookies for this host"),
    TOKEN_TWICE(
            "token_twice",
            "the request has several Authorization fields",
            "mend the program that sends it: one field, one token"),
    SLOW_REQUEST(
            "slow_request",
            "the client opened a connection and did not finish its request in time",
            "look at the client's network; a few of these are scanners and harmless"),
    LONG_TARGET(
            "long_target",
            "the URL is longer than can be passed on",
            "shorten the link, or let the application take such values in a form"),
    LARGE_HEAD(
            "large_head",
            "the request's header fields are larger than 64 KiB, or more than 256",
            "let the user delete this site's cookies; if they grow again, look which application sets so many"),
    METHOD_NOT_ALLOWED("method_not_allowed", "the address does not take this method", "nothing, it is a stray request"),
    NOT_IMPLEMENTED(
            "not_implemented",
            "the request asks for a protocol that is not spoken here",
            "publish the application by what it speaks: HTTP and WebSocket"),
    PAYLOAD_TOO_LARGE(
            "payload_too_large",
            "the body is larger than our own pages and API take; bodies for applications have no limit",
            "send less at once"),
    MISDIRECTED(
            "misdirected",
            "the connection was made for a host name whose certificate does not cover this one",
            "nothing for a browser, which asks again; a program must open a connection for each host name"),
    // nothing there, or closed
    NOTHING_PUBLISHED(
            "nothing_published",
            "no application is published at this host and path (PUB-9)",
            "compare with 'postern app list'; what lies beside the published folder needs a wider external URL"),
    RESERVED_PATH(
            "reserved_path",
            "the path lies below /.postern/, which belongs to Postern, and nothing is there",
            "nothing, unless the application uses that folder itself: then it has to be renamed there"),
    MAINTENANCE(
            "maintenance",
            "the application is in maintenance mode",
            "end it with 'postern app maintenance NAME --off'"),
    // who asks
    SIGN_IN_REQUIRED(
            "sign_in_required",
            "nobody is signed in, or the session has ended, and the request was none that could be led to sign in",
            "let the user load a page of the application; a program must send a token for the application"),
    INVALID_TOKEN(
            "invalid_token",
            "the bearer token is expired, revoked, malformed or not meant for this application",
            "get a token for the application's own id; look at its times and its audience"),
    STATE_UNREADABLE(
            "state_unreadable",
            "what came back from sign-in is not what was sent there",
            "let the user open the application again; often an old bookmark of the sign-in page"),
    STATE_EXPIRED("state_expired", "the sign-in took longer than ten minutes", "let the user start again"),
    STATE_USED(
            "state_used",
            "the same sign-in came back twice: usually the back key, or a reload",
            "let the user start again"),
    STATE_FOREIGN(
            "state_foreign",
            "the sign-in was begun in another browser, or the browser keeps no cookies for this host",
            "let the user allow cookies for this site; else somebody tries to sign in somebody else"),
    SIGN_IN_REFUSED(
            "sign_in_refused",
            "the sign-in page refused the user",
            "see the sign-in's own log under the same time and user"),
    ACCESS_DENIED(
            "access_denied",
            "the sign-in page did not let the user go on to the application, or the user cancelled there",
            "see the sign-in's own log under the same time and user; let the user try again"),
    CODE_REFUSED(
            "code_refused",
            "the sign-in page's code was missing, or could not be redeemed",
            "see the service's log under this exchange; if it lasts, the clocks of the nodes differ"),
    SIGN_IN_CIRCLE(
            "sign_in_circle",
            "the session was void as soon as it began: it was revoked, or clocks differ",
            "look at the clocks of the nodes, and whether the user was just disabled"),
    SIGN_IN_UNREACHABLE(
            "sign_in_unreachable",
            "the sign-in service did not answer the gateway",
            "see the service's log: the control plane is starting, stopping, or without its database"),
    NOT_ASSIGNED(
            "not_assigned",
            "the user is not assigned to the application (ASG-4)",
            "assign the user: 'postern app assign APP --user USER', or --group for a group the user is a member of"),
    WRONG_TENANT(
            "wrong_tenant",
            "the user belongs to another tenant than the application",
            "let the user sign in with an account of this tenant"),
    APPLICATION_DISABLED(
            "application_disabled",
            "the application is disabled for sign-in",
            "enable its service principal (accountEnabled)"),
    FOREIGN_ORIGIN(
            "foreign_origin",
            "a page of another site opened a WebSocket to this application with the user's cookie",
            "if that site is to be allowed, publish both on one host; else this was an attack, and is over"),
    SIGN_ON_NO_IDENTITY(
            "sign_on_no_identity",
            "the user has no name by which the application could know him: the attribute that its sign-on asks for is"
                    + " empty (event 13016)",
            "see the service's log under this exchange for the attribute; fill it for the user, or choose another"
                    + " login identity for the application"),
    SIGN_ON_UNSAYABLE(
            "sign_on_unsayable",
            "what a header is to tell the application of the user does not fit in: too long, or with characters that"
                    + " its encoding does not take",
            "see the service's log under this exchange for the header; filter its groups, choose another encoding, or"
                    + " another attribute"),
    SIGN_ON_NO_TOKEN(
            "sign_on_no_token",
            "the identity provider gave no access token that the application's backend is to get in the user's name",
            "see the service's log under this exchange for the reason: usually a missing consent or assignment, or a"
                    + " scope of backendToken that the resource does not have"),
    SIGN_ON_NO_PASSWORD(
            "sign_on_no_password",
            "the application wants a name and a password of its own, and nobody has set them for this user",
            "set them for the user or for a group of his (docs/guide/password-sign-on.md)"),
    // too much
    APPLICATION_RATE(
            "application_rate",
            "the application's requests per second are used up, and this user has had his share of them",
            "raise or clear the application's requestsPerSecondMax, or find out what asks so often"),
    TENANT_RATE(
            "tenant_rate",
            "the tenant's requests per second are used up, and this user has had his share of them",
            "raise or clear the tenant's limit ('postern tenant set --requests-per-second'), or find out what asks so"
                    + " often"),
    OVERLOADED(
            "overloaded",
            "more requests wait for answers than may, or the process is late or short of memory",
            "see 'requests_refused_total' in the metrics for which; then a faster backend, or a bigger machine"),
    // between gateway and connector
    NO_CONNECTOR(
            "no_connector",
            "no connector of the application's group is connected",
            "start one, or give the application to another group; see 'postern connector list'"),
    NOT_SERVED(
            "not_served",
            "the group's connectors have not taken over this application yet",
            "wait a second; look at their logs if it lasts"),
    TUNNELS_FULL(
            "tunnels_full",
            "every tunnel has as many streams open as its connector takes",
            "add a connector to the group"),
    CONNECTOR_LOST(
            "connector_lost",
            "the connector stopped or its network broke off in the middle of the request",
            "see the connector's log; run two or more"),
    UPSTREAM_SHORT_OF_MEMORY(
            "upstream_short_of_memory",
            "the connector has no memory left for streams that nobody reads",
            "give the connector's machine more memory, or add a connector to the group"),
    UPSTREAM_PROTOCOL(
            "upstream_protocol",
            "the connector could not take the request as it was sent through the tunnel",
            "bring connector and service to the same version; report it if it lasts"),
    MALFORMED_STATUS(
            "malformed_status",
            "the answer came without a status",
            "bring connector and service to the same version; report it if it lasts"),
    BODY_BEFORE_HEAD(
            "body_before_head",
            "the answer's body came before its head",
            "bring connector and service to the same version; report it if it lasts"),
    MALFORMED_CONTENT_ENCODING(
            "malformed_content_encoding",
            "the backend's answer is not what its Content-Encoding says, so links in it could not be translated",
            "mend the backend, or turn isTranslateLinksInBodyEnabled off for the application"),
    UNKNOWN_FAILURE(
            "unknown_failure",
            "the connector gave a reason that this version of the service does not know",
            "update the service; the connector's log has the reason"),
    DOOR_CLOSED(
            "door_closed",
            "one of our own pages cannot be reached by the gateway: the service is starting or stopping",
            "wait a moment; see the service's log if it lasts"),
    DOOR_LOST(
            "door_lost",
            "one of our own pages broke off in the middle of the request",
            "see the service's log under this exchange"),
    // what the connector reports; the names are those of the tunnel's protocol
    UNKNOWN_BACKEND(
            "unknown-backend",
            "the connector does not know the application yet, which lasts a second",
            "if it lasts: is the connector of the application's group?"),
    NOT_PERMITTED(
            "not-permitted",
            "the connector may not reach this backend",
            "see 'allow' in its connector.yaml, and guarded addresses in docs/operate/connectors.md"),
    RESOLVE(
            "resolve",
            "the host of the internal URL does not resolve on the connector's machine",
            "check the name, and DNS there"),
    CONNECT(
            "connect",
            "nobody answers at the internal URL's host and port",
            "check the URL, the firewall, and whether the application runs"),
    CONNECT_TIMEOUT(
            "connect-timeout",
            "no connection to the backend within the connector's 'connect-timeout'",
            "a firewall drops packets, or the application's machine is overloaded"),
    TLS("tls", "connector and backend could not agree on TLS", "check that the port speaks it, in version 1.2 or 1.3"),
    TLS_UNTRUSTED(
            "tls-untrusted",
            "the connector does not trust the authority of the backend's certificate",
            "name it in 'backend-ca' of the connector's connector.yaml, or pin the certificate for this application"),
    TLS_EXPIRED(
            "tls-expired",
            "the backend's certificate has expired, or is not valid yet",
            "renew it, and check the clocks of both machines"),
    TLS_NAME(
            "tls-name",
            "the backend's certificate is for another name",
            "use the name in it as internal host, or set it as backendTls.serverName"),
    TLS_PIN(
            "tls-pin",
            "the backend shows another certificate than the pinned ones",
            "pin the new one if it was renewed, else find out who answers there"),
    TLS_CLIENT_CERTIFICATE(
            "tls-client-certificate",
            "the backend demands or refuses the connector's certificate, or the connector has none of that name",
            "check backendTls.clientCertificate, and 'client-certificates' in the connector's connector.yaml"),
    FIRST_BYTE_TIMEOUT(
            "first-byte-timeout",
            "the application did not answer within its backend timeout",
            "find out why, or set applicationServerTimeout to long, or to a time of your own"),
    BACKEND_CLOSED(
            "backend-closed",
            "the application closed the connection before it answered",
            "see the application's own log"),
    BACKEND_PROTOCOL(
            "backend-protocol", "what answers at the internal URL is not HTTP", "check its scheme and its port"),
    BUSY(
            "busy",
            "the connector has no connection or no memory left for this",
            "add a connector to the group, or raise 'backend-connections' if the backend can bear more"),
    DRAINING("draining", "the connector is being stopped and no other serves the application", "run two or more"),
    SIGN_ON_USER(
            "sign-on-user",
            "the domain, or the application, does not let this user be signed in: unknown there, disabled, expired, or"
                    + " not to be delegated",
            "see the connector's log under this exchange, which names the reason; mend the account there"),
    SIGN_ON_CONFIGURATION(
            "sign-on-configuration",
            "the connector cannot sign users in at this application as it is set up",
            "see the connector's log under this exchange, which names what is missing and the remedy"),
    SIGN_ON_UNREACHABLE(
            "sign-on-unreachable",
            "what the connector needs to sign users in does not answer, such as the domain's KDC",
            "see the connector's log under this exchange; users whose tickets it holds go on meanwhile"),
    SIGN_ON_BUSY(
            "sign-on-busy",
            "more users wait to be signed in at backends than the connector takes at once",
            "it passes; if it lasts, look at how fast the domain's KDC answers, or add a connector to the group"),
    SIGN_ON_REFUSED(
            "sign-on-refused",
            "the application answered 401 to the user's proof that the connector showed it (event 13022)",
            "look at the application's own log: its key, its account, its mechanism, and whether the user may enter"),
    // ends
    CLIENT_GONE(
            "client_gone",
            "the user agent went away before it had the whole answer",
            "usually a user who went on; many of them mean that the application is slow"),
    CLIENT_STALLED(
            "client_stalled",
            "the user agent neither sent nor took anything for too long",
            "look at the client's network"),
    HTTP1_REQUIRED(
            "http1_required",
            "the application signs users in by NTLM, which HTTP/2 cannot carry; the user agent was told to ask again in"
                    + " HTTP/1.1",
            "nothing: browsers do so by themselves; other clients need to be set to HTTP/1.1"),
    REVOKED(
            "revoked",
            "the stream was open and was cut, as the user or the application lost admission meanwhile",
            "nothing: a sign-out, a removed assignment, a disabled account or maintenance does this"),
    SESSION_EXPIRED(
            "session_expired",
            "the stream was open and was cut, as the session of its user came to its end",
            "nothing: the user signs in again"),
    INTERNAL("internal", "a fault of the service", "see the service's log under this exchange, and report it");

    private static final Map<String, Cause> BY_REASON =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Cause::reason, Function.identity()));

    private final String reason;
    private final String meaning;
    private final String remedy;

    Cause(String reason, String meaning, String remedy) {
        this.reason = reason;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    public static Optional<Cause> of(String reason) {
        return Optional.ofNullable(BY_REASON.get(reason));
    }

    /// One word for logs, metrics and API.
    public String reason() {
        return reason;
    }

    /// What happened, in a sentence without its full stop.
    public String meaning() {
        return meaning;
    }

    /// What an administrator can do about it.
    public String remedy() {
        return remedy;
    }
}
