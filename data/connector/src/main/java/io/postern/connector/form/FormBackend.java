package io.postern.connector.form;

/// The backend at which a sign-in takes place, and nothing else: whatever the pages say, no other host is asked.
interface FormBackend {
    /// Blocks until the answer is there.
    ///
    /// @throws LoginFault when none comes in time, or it is larger than a page may be
    FormAnswer send(FormRequest request);

    /// @param hostAndPort as in a URL, in lower case
    boolean is(String hostAndPort);
}
