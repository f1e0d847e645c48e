package io.postern.saml.xml;

/// A message that is not taken. Checked: whoever reads messages of strangers says what then.
public final class RefusedMessage extends Exception {
    private final Refusal refusal;

    public RefusedMessage(Refusal refusal) {
        this(refusal, "");
    }

    /// @param detail the thing and its value, for the log; empty if there is none
    public RefusedMessage(Refusal refusal, String detail) {
        super(refusal.text() + (detail.isEmpty() ? "" : ": " + detail), null, false, false);
        this.refusal = refusal;
    }

    public Refusal refusal() {
        return refusal;
    }

    /// Cut to what a log line and a page can bear; control characters cannot forge lines.
    @Override
    public String getMessage() {
        String message = String.valueOf(super.getMessage()).replaceAll("\\p{Cntrl}", " ");
        return message.length() > 300 ? message.substring(0, 300) + "…" : message;
    }
}
