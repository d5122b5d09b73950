/** The keys of the list, for the help. */
export const help: [string, string][] = [
  ["j 或 ↓", "下一件"], ["k 或 ↑", "上一件"], ["回车", "打开"], ["x", "选中或取消"], ["a", "分派"], ["t", "转给其他委员"],
  ["/", "搜索"], ["r", "刷新"], ["Esc", "取消选择"], ["?", "显示这些快捷键"],
];
