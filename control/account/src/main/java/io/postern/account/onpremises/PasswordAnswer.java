package io.postern.account.onpremises;

import io.postern.base.PasswordVerdict;

/// What became of a question for a password on premises.
///
/// @param connector its machine's name; empty where none was asked
/// @param detail for administrators; empty for nothing
public record PasswordAnswer(Result result, String connector, String detail) {
    /// The directory's word, or why it was not asked.
    public sealed interface Result {
        record Said(PasswordVerdict verdict) implements Result {}

        /// No connector that can ask the directory is there.
        record NoConnector() implements Result {}

        /// More wait already than can be answered in time.
        record Busy() implements Result {}
    }

    static PasswordAnswer said(PasswordVerdict verdict, String connector, String detail) {
        return new PasswordAnswer(new Result.Said(verdict), connector, detail);
    }

    static PasswordAnswer noConnector(String directory) {
        return new PasswordAnswer(
                new Result.NoConnector(), "", "No connector that can ask directory '" + directory + "' is there.");
    }

    static final PasswordAnswer BUSY = new PasswordAnswer(new Result.Busy(), "", "Too many questions wait.");
}
