package io.postern.store;

/// What logs can be searched by. Text is compared whatever its case.
public enum LogField {
    ID,
    /// A moment, see [LogQuery.Condition#time].
    HAPPENED,
    CORRELATION,
    /// Who signed in, or made the change.
    USER_ID,
    USER_NAME,
    USER_DISPLAY,
    /// The client that a user signed in to; the program that made the change.
    APP_ID,
    APP_NAME,
    RESOURCE_ID,
    ADDRESS,
    CLIENT_APP,
    /// Of a sign-in: `interactiveUser`, `nonInteractiveUser` or `servicePrincipal`.
    KIND,
    /// Of a sign-in the error number, 0 for success; of a change the result.
    CODE,
    ACTIVITY,
    CATEGORY,
    SERVICE,
    TARGET_ID
}
