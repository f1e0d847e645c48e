package io.postern.domain.scim;

/// A request that ends without effect (RFC 7644 §3.12).
public final class ScimFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String type;

    private ScimFault(int status, String type, String detail) {
        super(detail, null, false, false); // expected: no stack trace
        this.status = status;
        this.type = type;
    }

    public static ScimFault of(int status, String detail) {
        return new ScimFault(status, "", detail);
    }

    /// @param at index of the character where it went wrong
    static ScimFault filter(String text, int at, String what) {
        return new ScimFault(
                400, "invalidFilter", "filter '" + text + "' is not understood at character " + (at + 1) + ": " + what);
    }

    public static ScimFault filter(String detail) {
        return new ScimFault(400, "invalidFilter", detail);
    }

    static ScimFault path(String detail) {
        return new ScimFault(400, "invalidPath", detail);
    }

    public static ScimFault noTarget(String detail) {
        return new ScimFault(400, "noTarget", detail);
    }

    public static ScimFault value(String detail) {
        return new ScimFault(400, "invalidValue", detail);
    }

    public static ScimFault syntax(String detail) {
        return new ScimFault(400, "invalidSyntax", detail);
    }

    static ScimFault mutability(String detail) {
        return new ScimFault(400, "mutability", detail);
    }

    public static ScimFault uniqueness(String detail) {
        return new ScimFault(409, "uniqueness", detail);
    }

    public static ScimFault tooMany(String detail) {
        return new ScimFault(400, "tooMany", detail);
    }

    public int status() {
        return status;
    }

    /// The `scimType`; empty where the status says it all.
    public String type() {
        return type;
    }
}
