package io.postern.connector.kerberos;

import java.util.Base64;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.jspecify.annotations.Nullable;

/// What proves a user to a backend, once. Confined to one thread at a time; its text is never written anywhere.
final class KerberosToken {
    private static final String NEGOTIATE = "Negotiate ";

    private final String field;
    private final @Nullable GSSContext expectsProof;

    KerberosToken(byte[] token, @Nullable GSSContext expectsProof) {
        this.field = NEGOTIATE + Base64.getEncoder().encodeToString(token);
        this.expectsProof = expectsProof;
    }

    /// The value of `Authorization`.
    String field() {
        return field;
    }

    boolean isMutual() {
        return expectsProof != null;
    }

    /// The backend's side of a mutual authentication. Asks nobody.
    ///
    /// @param answer value of `WWW-Authenticate` of the backend's answer; empty when there is none
    boolean isProven(String answer) {
        GSSContext context = expectsProof;
        if (context == null) {
            return true;
        }
        if (!answer.regionMatches(true, 0, NEGOTIATE, 0, NEGOTIATE.length())) {
            return false;
        }
        try {
            byte[] proof = Base64.getDecoder()
                    .decode(answer.substring(NEGOTIATE.length()).strip());
            context.initSecContext(proof, 0, proof.length);
            return context.isEstablished() && context.getMutualAuthState();
        } catch (GSSException | IllegalArgumentException e) {
            return false;
        } finally {
            dispose();
        }
    }

    void dispose() {
        if (expectsProof != null) {
            try {
                expectsProof.dispose();
            } catch (GSSException e) {
                return; // it goes with its memory
            }
        }
    }

    @Override
    public String toString() {
        return "a Kerberos token";
    }
}
