package io.postern.connector.serve;

import io.postern.base.AddressBlock;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Where this connector may connect to, whatever the service publishes. Asked with the address that is
/// about to be connected to, after resolution, so that a name cannot be bent to another address.
public final class AllowList {
    private final Optional<List<AllowRule>> rules;

    private AllowList(Optional<List<AllowRule>> rules) {
        this.rules = rules;
    }

    /// No list in the connector's file: everything published, except the guarded addresses.
    public static AllowList absent() {
        return new AllowList(Optional.empty());
    }

    /// Only what the rules name; an empty list permits nothing.
    ///
    /// @throws IllegalArgumentException naming the rule that is not understood
    public static AllowList of(List<String> rules) {
        return new AllowList(Optional.of(rules.stream().map(AllowRule::parse).toList()));
    }

    boolean permits(String host, InetAddress address, int port) {
        Optional<AddressBlock> guarded = GuardedAddresses.blockOf(address);
        if (guarded.isPresent()) {
            return rules.stream()
                    .flatMap(List::stream)
                    .anyMatch(rule -> rule.namesGuarded(address, port, guarded.get()));
        }
        return rules.isEmpty()
                || rules.get().stream().anyMatch(rule -> rule.names(host, port) || rule.names(address, port));
    }
}
