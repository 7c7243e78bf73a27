export const hire = {
  title: 'Quem começa em {{organization}}?',
  lead: 'Dá pra dispensar quando quiser. Ninguém assina nada.',
  choose: 'Escolha um departamento',
  submit: 'Contratar e ver atendendo',
  chosen: 'Escolhido: {{name}}',
  none: 'Escolha quem começa.',
  hired: 'Já está no time',
  empty: 'Não há ninguém pra contratar agora.',
  emptyText: 'Os departamentos prontos aparecem aqui.',
  problems: 'Contratado, mas ainda não pode começar: {{problem}}',
  steps: { create: 'Contratando', publish: 'Pondo no ar', simulator: 'Abrindo o ensaio' },
};
