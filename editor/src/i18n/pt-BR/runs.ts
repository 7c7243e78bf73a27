export const runs = {
  title: 'Execuções',
};
