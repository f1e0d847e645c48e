package io.postern.run.connector.log;

import io.postern.base.HostPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;

/// RFC 5426: one datagram for each record. The name is looked up for each batch, since receivers move.
final class SyslogUdp implements LogSink {
    private final HostPort address;
    private final SyslogMessage form;
    private final DatagramSocket socket;

    SyslogUdp(HostPort address, SyslogMessage form) throws IOException {
        this.address = address;
        this.form = form;
        this.socket = new DatagramSocket();
    }

    @Override
    public void write(List<LogRecord> records) throws IOException {
        var to = new InetSocketAddress(address.host(), address.port());
        if (to.isUnresolved()) {
            throw new IOException(address.host() + " does not resolve");
        }
        for (LogRecord record : records) {
            byte[] bytes = form.bytes(record);
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        }
    }

    @Override
    public String name() {
        return "syslog at " + address + " (UDP)";
    }

    @Override
    public void close() {
        socket.close();
    }
}
