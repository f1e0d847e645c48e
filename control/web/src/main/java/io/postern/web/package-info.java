/// Pages of the control plane.
package io.postern.web;
