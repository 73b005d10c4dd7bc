package org.jiaozi.lab.demo;

/**
 * A conviction on record.
 *
 * @param culprit the key's thumbprint in hexadecimal
 * @param file the evidence file's bytes
 */
@SuppressWarnings("ArrayRecordComponent") // handed straight to a file
record Evidenced(String culprit, byte[] file) {}
