package io.postern.saml.xml;

/// Why a message is refused; each reason stands alone, so that an administrator can look it up and a test
/// can tell one from the other.
public enum Refusal {
    // the text
    OVERSIZE("the message is too large"),
    NOT_BASE64("the message is not base64"),
    NOT_DEFLATED("the message is not DEFLATE-compressed as the binding demands"),
    INFLATES_TOO_FAR("the message grows too large when it is inflated"),
    NOT_UTF8("the message is not UTF-8"),
    NOT_XML("the message is not well-formed XML"),
    DTD("the message has a document type declaration"),
    COMMENT("the message has a comment"),
    PROCESSING_INSTRUCTION("the message has a processing instruction"),
    TOO_DEEP("elements are nested too deeply"),
    TOO_MANY_ELEMENTS("the message has too many elements"),
    TOO_MANY_ATTRIBUTES("an element has too many attributes"),
    DUPLICATE_ID("an ID stands twice"),
    // the shape
    WRONG_ROOT("the root element is not what is expected here"),
    MISSING("a required element or attribute is missing"),
    REPEATED("an element stands more often than it may"),
    BAD_VALUE("a value is not of its type"),
    BAD_ID("an ID begins with a digit or is empty"),
    VERSION("the version is not 2.0"),
    REPEATED_PARAMETER("a parameter stands twice"),
    // the signature
    UNSIGNED("no signature, and one is required"),
    SEVERAL_SIGNATURES("more than one signature on an element"),
    STRAY_SIGNATURE("a signature stands where none belongs"),
    SEVERAL_REFERENCES("the signature has not exactly one reference"),
    FOREIGN_REFERENCE("the signature refers to another element than the one it stands in"),
    TRANSFORM("the signature asks for a transform that is not taken"),
    CANONICALIZATION("the signature is not over exclusive canonical XML"),
    ALGORITHM("the signature algorithm is not taken"),
    DIGEST_ALGORITHM("the digest algorithm is not taken"),
    SIGNATURE_OBJECT("the signature carries an object or manifest"),
    BAD_SIGNATURE("the signature is of none of the configured keys, or the content was changed"),
    NO_KEY("no certificate is configured that could verify the signature"),
    // encryption
    UNDECIPHERABLE("the encrypted assertion is not for our key, or was changed"),
    CIPHER("the encryption algorithm is not taken"),
    // a response
    ISSUER("the issuer is not the one configured"),
    DESTINATION("the destination is not this address"),
    STATUS("the identity provider refused the sign-in"),
    NESTED_MESSAGE("an assertion or response stands where none belongs"),
    NO_ASSERTION("there is no assertion"),
    SEVERAL_ASSERTIONS("there is more than one assertion"),
    AUDIENCE("the audience is somebody else"),
    RECIPIENT("the recipient is not this address"),
    NOT_BEARER("no bearer confirmation"),
    NOT_YET("the assertion is not valid yet"),
    EXPIRED("the assertion has expired"),
    CONFIRMATION_EXPIRED("the confirmation has expired"),
    UNKNOWN_CONDITION("a condition is not understood"),
    IN_RESPONSE_TO("the response answers no request of ours"),
    UNSOLICITED("the response was not asked for"),
    NO_SUBJECT("the assertion names no subject"),
    NO_AUTHENTICATION("the assertion tells of no authentication"),
    REPLAYED("the assertion was used already");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /// One clause for pages and logs.
    public String text() {
        return text;
    }
}
