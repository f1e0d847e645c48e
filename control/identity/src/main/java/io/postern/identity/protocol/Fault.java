package io.postern.identity.protocol;

import java.util.Set;

/// A refusal: OAuth error code (RFC 6749 §4.1.2.1, §5.2; OpenID Connect Core §3.1.2.6), the number that
/// administrators search for (6.2), and one sentence.
///
/// @param status HTTP status where the answer is a page or JSON
public record Fault(String error, int number, int status, String text) {
    /// What clients of the original write for "whichever tenant the user is of".
    private static final Set<String> NO_TENANT = Set.of("common", "organizations", "consumers");

    public static Fault tenantUnknown(String segment) {
        if (NO_TENANT.contains(segment)) {
            return new Fault(
                    "invalid_request",
                    50059,
                    400,
                    "No tenant-identifying information was found: an application belongs to one tenant, so its authority"
                            + " has the tenant's id, name or domain where it says '" + segment + "'.");
        }
        return new Fault("invalid_request", 90002, 400, "Tenant '" + segment + "' was not found.");
    }

    public static Fault missing(String parameter) {
        return new Fault("invalid_request", 900144, 400, "The request must contain the parameter '" + parameter + "'.");
    }

    public static Fault repeated(Set<String> parameters) {
        return new Fault(
                "invalid_request",
                9000411,
                400,
                "The request is not properly formatted: the parameter '"
                        + String.join("', '", parameters.stream().sorted().toList()) + "' is duplicated.");
    }

    public static Fault malformed(String what) {
        return new Fault("invalid_request", 90014, 400, what);
    }

    public static Fault appUnknown(String clientId, String tenant) {
        return new Fault(
                "unauthorized_client",
                700016,
                400,
                "Application with identifier '" + clientId + "' was not found in the directory '" + tenant + "'.");
    }

    public static Fault principalMissing(String clientId, String tenant) {
        return new Fault(
                "unauthorized_client",
                700016,
                400,
                "Application '" + clientId + "' is registered in the directory '" + tenant
                        + "' but has no service principal there, so nobody can use it. An administrator must create"
                        + " the service principal.");
    }

    public static Fault appDisabled(String appId) {
        return new Fault("unauthorized_client", 7000112, 400, "Application '" + appId + "' is disabled.");
    }

    public static Fault redirectMismatch(String redirectUri, String appId) {
        return new Fault(
                "invalid_request",
                50011,
                400,
                "The redirect URI '" + redirectUri + "' specified in the request does not match the redirect URIs"
                        + " configured for the application '" + appId + "'.");
    }

    public static Fault responseType(String value) {
        return new Fault(
                "unsupported_response_type",
                700051,
                400,
                "response_type '" + value + "' is not supported: use 'code'.");
    }

    public static Fault scope(String scope) {
        return new Fault("invalid_scope", 70011, 400, "The scope '" + scope + "' is not valid.");
    }

    public static Fault consent(String scope) {
        return new Fault(
                "invalid_grant", 65001, 400, "No consent allows this application to use the scope '" + scope + "'.");
    }

    public static Fault challengeNeeded() {
        return new Fault(
                "invalid_request",
                9002325,
                400,
                "Proof Key for Code Exchange with S256 is required: send code_challenge and"
                        + " code_challenge_method=S256.");
    }

    public static Fault loginRequired() {
        return new Fault(
                "login_required",
                50058,
                400,
                "A silent sign-in request was sent but no user is signed in, or the sign-in is too old.");
    }

    public static Fault notAssigned(String userName, String appName) {
        return new Fault(
                "access_denied",
                50105,
                403,
                "The signed in user '" + userName + "' is not assigned to the application '" + appName + "'.");
    }

    public static Fault otherTenant(String userName) {
        return new Fault(
                "access_denied", 50020, 403, "The account '" + userName + "' belongs to another organisation.");
    }

    /// OpenID Connect Core §3.1.2.6: the user must act, and the request said that he cannot.
    public static Fault mfaRequired() {
        return new Fault(
                "interaction_required",
                50076,
                400,
                "A second factor is required to use this application: sign in again.");
    }

    public static Fault userDisabled() {
        return new Fault("invalid_grant", 50057, 400, "The user account is disabled.");
    }

    public static Fault sessionEnded() {
        return new Fault("invalid_grant", 50132, 400, "The session was ended; sign in again.");
    }

    public static Fault freshTokenNeeded() {
        return new Fault(
                "invalid_grant", 50173, 400, "The sign-in is void: the password was changed or access taken back.");
    }

    public static Fault codeUsed() {
        return new Fault("invalid_grant", 54005, 400, "The authorization code was redeemed already.");
    }

    public static Fault codeUnknown() {
        return new Fault("invalid_grant", 70008, 400, "The authorization code is unknown or expired.");
    }

    public static Fault codeOfOther() {
        return new Fault("invalid_grant", 70000, 400, "The authorization code was not issued to this client.");
    }

    public static Fault codeRedirectMismatch() {
        return new Fault("invalid_grant", 500112, 400, "The redirect URI is not the one of the authorization request.");
    }

    public static Fault verifierMismatch() {
        return new Fault("invalid_grant", 501481, 400, "The code_verifier does not match the code_challenge.");
    }

    public static Fault grantUnknown(String grant) {
        return new Fault(
                "unsupported_grant_type",
                70003,
                400,
                "The grant type '" + grant + "' is not supported; the metadata names those that are.");
    }

    public static Fault secretWrong(String appId) {
        return new Fault(
                "invalid_client", 7000215, 401, "Invalid client secret provided for application '" + appId + "'.");
    }

    public static Fault secretExpired(String appId) {
        return new Fault("invalid_client", 7000222, 401, "The client secret of application '" + appId + "' expired.");
    }

    public static Fault secretNeeded() {
        return new Fault("invalid_client", 7000218, 401, "The request must contain the parameter 'client_secret'.");
    }

    public static Fault secretOfPublicClient() {
        return new Fault(
                "invalid_client", 700025, 401, "The client is public, so 'client_secret' should not be presented.");
    }

    public static Fault bearerInvalid() {
        return new Fault("invalid_token", 500011, 401, "The access token is not valid here.");
    }

    /// As the token endpoint says it: the grant is no good, whatever the reason.
    public Fault asGrant() {
        boolean ofTheBrowser = error.equals("access_denied") || error.endsWith("_required");
        return ofTheBrowser ? new Fault("invalid_grant", number, 400, text) : this;
    }

    public static Fault userGone() {
        return new Fault("invalid_grant", 50034, 400, "The user account does not exist any more.");
    }

    public static Fault refreshUnknown() {
        return new Fault("invalid_grant", 70008, 400, "The refresh token is unknown or expired; sign in again.");
    }

    public static Fault refreshIdle() {
        return new Fault("invalid_grant", 700082, 400, "The refresh token was not used for 90 days; sign in again.");
    }

    public static Fault refreshOfOther() {
        return new Fault("invalid_grant", 70000, 400, "The refresh token was not issued to this client.");
    }

    public static Fault refreshEnded() {
        return new Fault("invalid_grant", 50132, 400, "The refresh token was taken back; sign in again.");
    }

    public static Fault refreshReused() {
        return new Fault(
                "invalid_grant",
                50173,
                400,
                "The refresh token was redeemed before. All that came from it was taken back; sign in again.");
    }

    public static Fault scopeWider(String scope) {
        return new Fault(
                "invalid_grant", 65001, 400, "The scope '" + scope + "' was not granted before; sign in again.");
    }

    /// RFC 7523 §3: what is wrong with a client's assertion.
    public static Fault assertionInvalid(String why) {
        return new Fault("invalid_client", 700027, 401, "The client assertion is not valid: " + why + ".");
    }

    public static Fault grantNotAllowed(String grant) {
        return new Fault("unauthorized_client", 700051, 400, "The client may not use the grant '" + grant + "'.");
    }

    public static Fault authorizationPending() {
        return new Fault("authorization_pending", 70016, 400, "The user has not yet entered the code.");
    }

    public static Fault slowDown() {
        return new Fault("slow_down", 70016, 400, "Polled too soon: wait five seconds longer between polls.");
    }

    public static Fault tooManyDeviceCodes() {
        return new Fault(
                "temporarily_unavailable",
                90055,
                429,
                "Too many device codes were asked for within a minute. Wait a minute, then ask again.");
    }

    public static Fault deviceDeclined() {
        return new Fault("access_denied", 65004, 400, "The user declined.");
    }

    public static Fault deviceExpired() {
        return new Fault("expired_token", 70020, 400, "The device code is unknown or expired; get a new one.");
    }

    public static Fault deviceUsed() {
        return new Fault("invalid_grant", 54005, 400, "The device code was redeemed already.");
    }

    public static Fault subjectTokenInvalid(String why) {
        return new Fault("invalid_grant", 50013, 400, "The assertion is not valid: " + why + ".");
    }

    public static Fault consentNeeded(String client) {
        return new Fault(
                "consent_required",
                65001,
                400,
                "The user or administrator has not consented to use the application '" + client + "'.");
    }

    /// No refusal: what the log says while the user is asked.
    public static Fault consentAsked() {
        return new Fault("interaction_required", 50199, 400, "The user is asked for consent.");
    }

    public static Fault consentDeclined() {
        return new Fault("access_denied", 65004, 400, "The user declined to consent.");
    }

    public static Fault adminConsentNeeded(String client) {
        return new Fault(
                "access_denied",
                90094,
                403,
                "An administrator must consent before '" + client + "' may have what it asks for.");
    }

    public static Fault unsupportedTokenType() {
        return new Fault(
                "unsupported_token_type",
                70003,
                400,
                "Only refresh tokens, and what came from them, can be taken back.");
    }

    public static Fault clientNotAssigned(String client, String resource) {
        return new Fault(
                "invalid_grant",
                501051,
                400,
                "The application '" + client + "' is not assigned to a role of the application '" + resource + "'.");
    }
}
