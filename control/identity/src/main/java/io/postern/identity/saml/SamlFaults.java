package io.postern.identity.saml;

import io.postern.identity.protocol.Fault;
import io.postern.saml.SamlNames;
import io.postern.saml.Status;
import io.postern.saml.xml.RefusedMessage;

/// What goes wrong with SAML requests, by the numbers of 6.2, and how a service provider is told.
final class SamlFaults {
    /// The requested authentication context is not met.
    static final int CONTEXT = 75011;

    private SamlFaults() {}

    /// Between the objection and the answer an administrator took away what it needs.
    static IllegalStateException unasked(SamlParty party) {
        return new IllegalStateException("application " + party.appId() + " was changed while a user signed in");
    }

    /// A message that could not be taken.
    static Fault of(RefusedMessage refused) {
        return switch (refused.refusal()) {
            case OVERSIZE,
                    NOT_BASE64,
                    NOT_DEFLATED,
                    INFLATES_TOO_FAR,
                    NOT_UTF8,
                    NOT_XML,
                    DTD,
                    COMMENT,
                    PROCESSING_INSTRUCTION,
                    TOO_DEEP,
                    TOO_MANY_ELEMENTS,
                    TOO_MANY_ATTRIBUTES,
                    DUPLICATE_ID -> fault(75001, "The SAML message cannot be read: " + refused.getMessage() + ".");
            case BAD_ID ->
                fault(
                        7500529,
                        "The value is not a valid SAML ID (begin it with a letter or underscore): "
                                + refused.getMessage() + ".");
            case REPEATED_PARAMETER ->
                fault(9000411, "The request is not properly formatted: " + refused.getMessage() + ".");
            case UNSIGNED ->
                fault(
                        76021,
                        "The request sent by the client is not signed while the application requires signed"
                                + " requests.");
            case SEVERAL_SIGNATURES,
                    STRAY_SIGNATURE,
                    SEVERAL_REFERENCES,
                    FOREIGN_REFERENCE,
                    TRANSFORM,
                    CANONICALIZATION,
                    ALGORITHM,
                    DIGEST_ALGORITHM,
                    SIGNATURE_OBJECT,
                    BAD_SIGNATURE,
                    NO_KEY ->
                fault(76021, "The signature of the request cannot be accepted: " + refused.getMessage() + ".");
            default -> fault(75005, "The SAML message is not valid here: " + refused.getMessage() + ".");
        };
    }

    static Fault tooLong() {
        return fault(
                75001,
                "What the application sent along is too long to be kept during the sign-in: shorten RelayState (wctx),"
                        + " and login_hint.");
    }

    static Fault messageMissing() {
        return fault(750054, "SAMLRequest or SAMLResponse must be present: this address takes SAML messages only.");
    }

    static Fault notOnlyRedirect() {
        return fault(75003, "Logout messages are taken by the HTTP-Redirect binding only.");
    }

    static Fault binding(String binding) {
        return fault(75003, "The binding '" + binding + "' is not supported for responses: use HTTP-POST.");
    }

    static Fault subject() {
        return fault(75006, "The request names a Subject, which is not supported; use login_hint.");
    }

    static Fault replyMismatch(String reply, String appId) {
        return fault(
                50011,
                "The reply URL '" + reply + "' specified in the request does not match the reply URLs"
                        + " configured for the application '" + appId + "'.");
    }

    static Fault noReply(String appId) {
        return fault(50011, "No reply URL is configured for the application '" + appId + "'.");
    }

    static Fault nameIdPolicy(String format) {
        return fault(
                75016,
                "The NameIDPolicy format '" + format + "' is not supported: use persistent, emailAddress,"
                        + " unspecified or transient.");
    }

    static Fault comparison(String comparison) {
        return fault(
                CONTEXT, "The comparison '" + comparison + "' of RequestedAuthnContext is not supported: use exact.");
    }

    static Fault context(String classes) {
        return fault(
                CONTEXT,
                "The authentication method by which the user signed in does not match the requested"
                        + " authentication context '" + classes + "'.");
    }

    static Fault tooOld() {
        return fault(
                76026, "The request's IssueInstant is too long ago, or lies ahead; start again at the application.");
    }

    static Fault noSigningKey(String name) {
        return fault(
                50146,
                "The application '" + name + "' has no signing certificate; an administrator must create" + " one.");
    }

    static Fault mustBeginThere(String name) {
        return fault(76021, "The application '" + name + "' requires signed requests: begin at the application.");
    }

    static Fault logoutState() {
        return fault(75005, "The SAML logout response answers no logout that this browser waits for.");
    }

    /// The words of SAML for a refusal. What is the service provider's own fault is `Requester`.
    static Status status(Fault fault, String message) {
        return switch (fault.number()) {
            case 50058 -> Status.of(SamlNames.STATUS_RESPONDER, SamlNames.STATUS_NO_PASSIVE, message);
            case CONTEXT -> Status.of(SamlNames.STATUS_RESPONDER, SamlNames.STATUS_NO_AUTHN_CONTEXT, message);
            case 75016 -> Status.of(SamlNames.STATUS_REQUESTER, SamlNames.STATUS_INVALID_NAMEID_POLICY, message);
            case 75003 -> Status.of(SamlNames.STATUS_REQUESTER, SamlNames.STATUS_UNSUPPORTED_BINDING, message);
            case 75006, 75005 -> Status.of(SamlNames.STATUS_REQUESTER, SamlNames.STATUS_REQUEST_UNSUPPORTED, message);
            default -> Status.of(SamlNames.STATUS_RESPONDER, SamlNames.STATUS_REQUEST_DENIED, message);
        };
    }

    private static Fault fault(int number, String text) {
        return new Fault("invalid_request", number, 400, text);
    }
}
