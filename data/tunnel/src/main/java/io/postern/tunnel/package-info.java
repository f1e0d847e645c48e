/// What both ends of a tunnel share (docs/protocol/tunnel.md): names on the wire, control messages,
/// keep-alive. Floor 3: carries backend ids and settings, knows no tenant, user or policy; connector and
/// group ids are text here.
package io.postern.tunnel;
