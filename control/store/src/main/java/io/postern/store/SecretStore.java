package io.postern.store;

import java.util.List;
import java.util.Optional;

/// Sealed secrets of the service itself: key ring, certificate authorities, edge certificates, settings.
public interface SecretStore {
    /// @param sealed sealed by the master key, or plain text for a setting that is no secret
    record Row(String name, String sealed) {}

    /// Keeps the first value ever put under the name. @return the value that is kept now
    String putIfAbsent(String name, String sealed);

    void put(String name, String sealed);

    Optional<String> find(String name);

    /// Names that begin with `prefix`, in order.
    List<Row> list(String prefix);

    boolean delete(String name);
}
