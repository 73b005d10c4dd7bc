package org.jiaozi.lab.demo;

/** The demo met something that its story does not allow for. */
final class DemoFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    DemoFailure(String message) {
        super(message);
    }
}
