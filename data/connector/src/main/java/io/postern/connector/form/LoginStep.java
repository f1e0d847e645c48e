package io.postern.connector.form;

/// One step of a sign-in that was tried for an administrator. Names accounts, paths and fields; no value of a
/// field or of a cookie, and no password.
///
/// @param detail one sentence
/// @param remedy what to do; empty where it passed
public record LoginStep(String name, State state, String detail, String remedy) {
    /// What came of it.
    public enum State {
        PASSED,
        WARNING,
        FAILED,
        SKIPPED
    }

    static LoginStep passed(String name, String detail) {
        return new LoginStep(name, State.PASSED, detail, "");
    }

    static LoginStep skipped(String name, String detail) {
        return new LoginStep(name, State.SKIPPED, detail, "");
    }

    static LoginStep failed(String name, String detail, String remedy) {
        return new LoginStep(name, State.FAILED, detail, remedy);
    }
}
