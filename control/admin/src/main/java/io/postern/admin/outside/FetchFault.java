package io.postern.admin.outside;

/// Why a document was not fetched, with the remedy; for the administrator who named its address.
public final class FetchFault extends Exception {
    private static final long serialVersionUID = 1;

    FetchFault(String message) {
        super(message);
    }
}
