/// Where an admitted exchange goes: a tunnel chosen by group and load, or a door of the control plane.
package io.postern.gateway.upstream;
