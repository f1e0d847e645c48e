package io.postern.identity.signin;

/// The steps between a name and a session that carry a proof of the steps before.
enum Stage {
    /// A passkey instead of name and password; nobody is known before.
    PASSKEY("passkey"),
    SECOND_FACTOR("mfa"),
    REGISTER("register"),
    RECOVERY_CODES("codes"),
    NEW_PASSWORD("password"),
    STAY("stay"),
    /// No step of a sign-in: a signed-in user adds a method.
    ADD_METHOD("security-info/add");

    private final String path;

    Stage(String path) {
        this.path = path;
    }

    /// Last segment of the address that its form posts to.
    String path() {
        return path;
    }
}
