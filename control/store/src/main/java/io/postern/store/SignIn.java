package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One try to sign in, as the sign-in log tells it (5.1).
///
/// @param correlation id of the exchange that the sign-in began with: all its entries have the same
/// @param subject who signed in; the name as typed where nobody is known
/// @param clientApp for example `Browser`
/// @param protocol for example `oAuth2`, `saml20`
/// @param methods ways of proof in words, for example `Password`, in their order
/// @param session empty when none was begun
/// @param token id of the token that was issued; empty when none was
/// @param errorNumber 0 for success
/// @param failureReason empty for success
/// @param details what else the status should say; empty for nothing
public record SignIn(
        String id,
        TenantId tenant,
        Instant time,
        String correlation,
        Kind kind,
        Subject subject,
        Party application,
        Party resource,
        String address,
        Device device,
        String clientApp,
        String protocol,
        List<String> methods,
        boolean multiFactor,
        Optional<String> session,
        Optional<String> token,
        int errorNumber,
        String failureReason,
        String details) {
    public enum Kind {
        INTERACTIVE_USER("interactiveUser"),
        NON_INTERACTIVE_USER("nonInteractiveUser"),
        SERVICE_PRINCIPAL("servicePrincipal");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /// @param id empty when nobody is known
    public record Subject(String id, String name, String displayName) {
        public static final Subject UNKNOWN = new Subject("", "", "");
    }

    /// @param id application id; empty when there is none
    public record Party(String id, String name) {
        public static final Party NONE = new Party("", "");
    }

    /// @param facts further members of `deviceDetail`, for example `deviceId`
    public record Device(String browser, String operatingSystem, Map<String, String> facts) {
        public static final Device UNKNOWN = new Device("", "", Map.of());

        public Device {
            facts = Map.copyOf(facts);
        }
    }

    public SignIn {
        methods = List.copyOf(methods);
    }
}
