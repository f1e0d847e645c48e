package io.postern.domain.claims;

/// A rule that cannot be; the message names place, value and remedy for the administrator who wrote it.
public final class ClaimsFault extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;

    public ClaimsFault(String field, String message) {
        super(message);
        this.field = field;
    }

    /// Path of the property at fault, `claims[2].transformations[0].pattern`; may be empty.
    public String field() {
        return field;
    }

    /// The same fault seen from one level above.
    public ClaimsFault within(String parent) {
        String path = field.isEmpty() ? parent : field.startsWith("[") ? parent + field : parent + "." + field;
        return new ClaimsFault(path, String.valueOf(getMessage()));
    }
}
