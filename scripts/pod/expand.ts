/**
 * Replaces `$(NAME)` in commands, arguments and environment values as the kubelet does: unknown
 * names stay as they are, and `$$(NAME)` means the text `$(NAME)`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container
 */
export function expandReferences(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (reference, name: string | undefined) =>
    name === undefined ? '$' : (values[name] ?? reference),
  );
}
