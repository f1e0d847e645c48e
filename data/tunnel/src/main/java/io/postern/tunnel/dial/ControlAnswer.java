package io.postern.tunnel.dial;

/// What the connector says to a control message.
///
/// @param body JSON, or empty
/// @param last the tunnel closes once this has gone out
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record ControlAnswer(int status, byte[] body, boolean last) {
    private static final byte[] NOTHING = {};

    static ControlAnswer of(int status, byte[] json) {
        return new ControlAnswer(status, json, false);
    }

    static ControlAnswer of(int status) {
        return new ControlAnswer(status, NOTHING, false);
    }

    static ControlAnswer last(int status, byte[] json) {
        return new ControlAnswer(status, json, true);
    }

    static ControlAnswer last(int status) {
        return new ControlAnswer(status, NOTHING, true);
    }
}
