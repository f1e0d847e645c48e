package io.postern.identity.signin;

/// What came of sending a browser elsewhere.
public sealed interface Leaving {
    /// It is on its way: answered.
    record Left() implements Leaving {}

    /// Nobody elsewhere is meant.
    record Here() implements Leaving {}

    /// The provider that is meant cannot be asked.
    record Failed(Mishap mishap) implements Leaving {}

    /// What went wrong elsewhere.
    ///
    /// @param provider its name
    /// @param number for the log and the page
    /// @param text key of the sentence that the user reads; the name is put into it
    /// @param why for administrators
    record Mishap(String provider, int number, int status, String text, String why) {}
}
