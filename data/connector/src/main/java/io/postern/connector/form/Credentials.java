package io.postern.connector.form;

/// Where credentials come from: the service keeps them, sealed for this connector alone.
public interface Credentials {
    /// Blocks.
    ///
    /// @param application client id
    /// @param user object id
    /// @return to be closed
    /// @throws LoginFault when there is none, or it cannot be had now
    Credential fetch(String application, String user);
}
