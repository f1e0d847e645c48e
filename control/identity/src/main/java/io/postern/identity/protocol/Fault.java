package io.postern.identity.protocol;

import java.util.Set;

/// A refusal: OAuth error code (RFC 6749 §4.1.2.1, §5.2; OpenID Connect Core §3.1.2.6), the number that
/// administrators search for (6.2), and one sentence.
///
/// @param status HTTP status where the answer is a page or JSON
public record Fault(String error, int number, int status, String text) {

    public static Fault tenantUnknown(String segment) {
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
                "Proof Key for Code Exchange with S256 is required: send code_challenge and code_challenge_method=S256.");
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
                "The grant type '" + grant + "' is not supported: use authorization_code or client_credentials.");
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
}
