package io.postern.store;

/// Something unique exists already.
public final class DuplicateKey extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String property;

    /// @param property the property that must be unique, as the API spells it
    public DuplicateKey(String property, String value) {
        super(property + " '" + value + "' is taken");
        this.property = property;
    }

    public String property() {
        return property;
    }
}
