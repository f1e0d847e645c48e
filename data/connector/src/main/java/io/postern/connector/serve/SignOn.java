package io.postern.connector.serve;

import io.netty.channel.EventLoop;
import io.postern.tunnel.BackendSettings;
import io.postern.tunnel.TunnelFailure;
import java.util.Map;

/// Signs the users of requests in at backends, in one way of several ([#way()]). One for the process; thread-safe.
public interface SignOn {
    /// The first word of the field `postern-sign-on` that asks for it.
    String way();

    /// Makes what a request needs. Called on `loop`, returns at once, and answers there exactly once, perhaps
    /// before it returns. What blocks runs elsewhere.
    void prepare(Call call, EventLoop loop, Waiter waiter);

    /// One request that is to be signed on.
    ///
    /// @param exchange id of the exchange in both logs
    /// @param backend where it goes; one host also where a wildcard is published
    /// @param parameters of the field, decoded
    /// @param attempt 1; 2 after the backend did not take what was made first: nothing kept will do then
    record Call(String exchange, BackendSettings backend, Map<String, String> parameters, int attempt) {
        public Call {
            parameters = Map.copyOf(parameters);
        }

        /// The same once more, afresh.
        public Call again() {
            return new Call(exchange, backend, parameters, attempt + 1);
        }
    }

    /// Told one ending of each preparation.
    interface Waiter {
        void onSignedOn(SignedOn made);

        /// @param why names the thing, the value and the remedy; for logs and administrators
        void onRefused(TunnelFailure failure, String why);
    }
}
